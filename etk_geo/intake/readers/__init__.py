"""The child process's side: files in, Arrow tables and findings out.

Imports neither geopandas nor pandas, so that a reading process starts in a third of the time;
never imports the parent's side.
"""
