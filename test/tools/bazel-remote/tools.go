//go:build tools

// Package tools names the programs that the tests build, so that go.mod and go.sum pin them and all they need.
package tools

import _ "github.com/buchgr/bazel-remote/v2"
