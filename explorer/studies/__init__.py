"""Many short runs that differ in one thing at a time: their plan, their training and what they say together."""
