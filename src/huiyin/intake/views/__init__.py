"""The console's pages and the small answers behind them."""
