"""The patient: the profile, and the chart that is compiled from it."""
