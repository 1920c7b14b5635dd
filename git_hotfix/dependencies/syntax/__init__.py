"""File formats that several ecosystems write their manifests in, read with bounds and without running anything."""
