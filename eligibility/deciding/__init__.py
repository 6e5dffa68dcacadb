"""Rules and a profile -> verdicts."""
