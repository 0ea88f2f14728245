"""A centre's facts as a spreadsheet, and back."""
