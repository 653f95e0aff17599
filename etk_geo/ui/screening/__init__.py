"""The parts of the screening page, and what the pages of the environmental desk share."""
