"""Stories for a meeting: scenes that a planner writes, checked and joined with the plan's data."""
