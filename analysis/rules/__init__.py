"""The rules: one small pure function a file, curves and thresholds in, a verdict out."""
