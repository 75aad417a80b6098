// EdgeAPI
