"""One HTML file that holds a map with everything it needs, and opens anywhere without a network."""
