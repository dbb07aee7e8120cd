"""What the speed claims rest on. Each module runs alone: `python -m benchmarks.quantizer`."""
