"""Many trials -> what was read of them, what was not, and which rules can hardly be meant: what to teach next."""
