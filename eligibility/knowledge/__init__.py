"""What the field knows: names and kinds of things, units, qualifiers, words."""
