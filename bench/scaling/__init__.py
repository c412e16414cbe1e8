"""Measures this tool and its peers on archives of any size: what bench/scale.py is made of."""
