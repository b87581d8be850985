"""The parts that ``ketchup-bot check`` tries, one module each."""
