"""Layers as folium maps; the only place that imports folium."""
