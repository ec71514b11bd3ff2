"""Adopting a workbook without a mapping: guess its contents, read it with the reader of every run, ask about doubts."""
