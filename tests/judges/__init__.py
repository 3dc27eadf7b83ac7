"""The checks of tests/judge.py, one module a subject; a public function with the world as argument is a check."""
