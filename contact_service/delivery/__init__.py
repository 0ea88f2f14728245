"""The delivery process: hands sealed mails to the mail server, and tries again."""
