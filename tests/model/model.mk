# The model of the bulk protocol, checked with spin.
model:
	@scripts/install-deps build model
	@tests/model/run $(BUILD)/model

.PHONY: model
