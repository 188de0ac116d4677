module github.com/ssespec/ssespec/runner/adapters/go/launchdarkly

go 1.26.0

require github.com/launchdarkly/eventsource v1.11.0
