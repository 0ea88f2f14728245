"""Forms changed in a browser: their questions, conditions, languages and versions."""
