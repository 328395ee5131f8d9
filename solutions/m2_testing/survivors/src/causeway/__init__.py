"""A package of one module: windows.py of Causeway, copied in by whoever runs this."""
