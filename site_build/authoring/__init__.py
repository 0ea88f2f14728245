"""What staff begin and change a centre with: questions, spreadsheets, accepted forms."""
