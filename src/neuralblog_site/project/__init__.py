"""What everything needs and nothing decides: places, the environment, problems, the commit. Imports no other package."""
