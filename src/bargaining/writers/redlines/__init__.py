"""Redlines as pages and texts: one module for each format."""
