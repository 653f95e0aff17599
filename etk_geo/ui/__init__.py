"""The pages of the plan map; the only part that knows Streamlit."""
