"""Gate G5: what a Python file says about hyperparameters. Nothing of it is executed or imported."""
