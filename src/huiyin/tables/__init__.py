"""Files of rows: opened whatever their encoding or packing, and asked for columns by name."""
