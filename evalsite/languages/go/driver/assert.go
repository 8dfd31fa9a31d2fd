// Package assert has what tests commonly use of github.com/stretchr/testify/assert, with the same meaning.
package assert

import (
	"bytes"
	"fmt"
	"math"
	"reflect"
	"runtime"
	"strings"
)

// TestingT is what a failure is told to.
type TestingT interface {
	Errorf(format string, args ...interface{})
}

// Assertions are bound to one test.
type Assertions struct {
	t TestingT
}

// New binds assertions to a test.
func New(t TestingT) *Assertions {
	return &Assertions{t}
}

// ObjectsAreEqual compares bytes by content, and everything else deeply.
func ObjectsAreEqual(expected, actual interface{}) bool {
	if expected == nil || actual == nil {
		return expected == actual
	}
	if first, ok := expected.([]byte); ok {
		second, ok := actual.([]byte)
		if !ok {
			return false
		}
		if first == nil || second == nil {
			return first == nil && second == nil
		}
		return bytes.Equal(first, second)
	}
	return reflect.DeepEqual(expected, actual)
}

func isNil(object interface{}) bool {
	if object == nil {
		return true
	}
	value := reflect.ValueOf(object)
	switch value.Kind() {
	case reflect.Chan, reflect.Func, reflect.Interface, reflect.Map, reflect.Ptr, reflect.Slice, reflect.UnsafePointer:
		return value.IsNil()
	}
	return false
}

func number(object interface{}) float64 {
	value := reflect.ValueOf(object)
	switch value.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return float64(value.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return float64(value.Uint())
	case reflect.Float32, reflect.Float64:
		return value.Float()
	}
	return math.NaN()
}

func size(object interface{}) int {
	value := reflect.ValueOf(object)
	switch value.Kind() {
	case reflect.Array, reflect.Chan, reflect.Map, reflect.Slice, reflect.String:
		return value.Len()
	}
	return -1
}

func said(t TestingT, ok bool, what string, msgAndArgs []interface{}) bool {
	if !ok {
		t.Errorf("assertion failed%s: %s%s", place(), what, words(msgAndArgs))
	}
	return ok
}

// place tells the line of the tests that asserts.
func place() string {
	for skip := 2; ; skip++ {
		_, file, line, ok := runtime.Caller(skip)
		if !ok {
			return ""
		}
		if strings.HasSuffix(file, "<tests>") {
			return fmt.Sprintf(" at <tests>:%d", line)
		}
	}
}

func words(msgAndArgs []interface{}) string {
	if len(msgAndArgs) == 0 {
		return ""
	}
	if format, ok := msgAndArgs[0].(string); ok {
		return ": " + fmt.Sprintf(format, msgAndArgs[1:]...)
	}
	return ": " + fmt.Sprint(msgAndArgs...)
}

func Equal(t TestingT, expected, actual interface{}, msgAndArgs ...interface{}) bool {
	return said(t, ObjectsAreEqual(expected, actual), fmt.Sprintf("expected %#v, got %#v", expected, actual), msgAndArgs)
}

func NotEqual(t TestingT, expected, actual interface{}, msgAndArgs ...interface{}) bool {
	return said(t, !ObjectsAreEqual(expected, actual), fmt.Sprintf("got %#v", actual), msgAndArgs)
}

func True(t TestingT, value bool, msgAndArgs ...interface{}) bool {
	return said(t, value, "expected true", msgAndArgs)
}

func False(t TestingT, value bool, msgAndArgs ...interface{}) bool {
	return said(t, !value, "expected false", msgAndArgs)
}

func Nil(t TestingT, object interface{}, msgAndArgs ...interface{}) bool {
	return said(t, isNil(object), fmt.Sprintf("expected nil, got %#v", object), msgAndArgs)
}

func NotNil(t TestingT, object interface{}, msgAndArgs ...interface{}) bool {
	return said(t, !isNil(object), "expected something, got nil", msgAndArgs)
}

func NoError(t TestingT, err error, msgAndArgs ...interface{}) bool {
	return said(t, err == nil, fmt.Sprintf("unexpected error %v", err), msgAndArgs)
}

func Error(t TestingT, err error, msgAndArgs ...interface{}) bool {
	return said(t, err != nil, "expected an error", msgAndArgs)
}

func Len(t TestingT, object interface{}, length int, msgAndArgs ...interface{}) bool {
	return said(t, size(object) == length, fmt.Sprintf("%#v has not %d items", object, length), msgAndArgs)
}

func Empty(t TestingT, object interface{}, msgAndArgs ...interface{}) bool {
	empty := isNil(object) || size(object) == 0 || (size(object) < 0 && reflect.ValueOf(object).IsZero())
	return said(t, empty, fmt.Sprintf("%#v is not empty", object), msgAndArgs)
}

func InDelta(t TestingT, expected, actual interface{}, delta float64, msgAndArgs ...interface{}) bool {
	first, second := number(expected), number(actual)
	ok := math.Abs(first-second) <= delta || (math.IsNaN(first) && math.IsNaN(second))
	return said(t, ok, fmt.Sprintf("%v and %v differ by more than %v", expected, actual, delta), msgAndArgs)
}

func ElementsMatch(t TestingT, expected, actual interface{}, msgAndArgs ...interface{}) bool {
	first, second := reflect.ValueOf(expected), reflect.ValueOf(actual)
	ok := size(expected) >= 0 && size(expected) == size(actual)
	taken := make([]bool, 0)
	for i := 0; ok && i < second.Len(); i++ {
		taken = append(taken, false)
	}
	for i := 0; ok && i < first.Len(); i++ {
		found := false
		for j := range taken {
			if !taken[j] && ObjectsAreEqual(first.Index(i).Interface(), second.Index(j).Interface()) {
				taken[j], found = true, true
				break
			}
		}
		ok = found
	}
	return said(t, ok, fmt.Sprintf("%#v and %#v have other elements", expected, actual), msgAndArgs)
}

func (a *Assertions) Equal(expected, actual interface{}, msgAndArgs ...interface{}) bool {
	return Equal(a.t, expected, actual, msgAndArgs...)
}

func (a *Assertions) NotEqual(expected, actual interface{}, msgAndArgs ...interface{}) bool {
	return NotEqual(a.t, expected, actual, msgAndArgs...)
}

func (a *Assertions) True(value bool, msgAndArgs ...interface{}) bool {
	return True(a.t, value, msgAndArgs...)
}

func (a *Assertions) False(value bool, msgAndArgs ...interface{}) bool {
	return False(a.t, value, msgAndArgs...)
}

func (a *Assertions) Nil(object interface{}, msgAndArgs ...interface{}) bool {
	return Nil(a.t, object, msgAndArgs...)
}

func (a *Assertions) NotNil(object interface{}, msgAndArgs ...interface{}) bool {
	return NotNil(a.t, object, msgAndArgs...)
}

func (a *Assertions) NoError(err error, msgAndArgs ...interface{}) bool {
	return NoError(a.t, err, msgAndArgs...)
}

func (a *Assertions) Error(err error, msgAndArgs ...interface{}) bool {
	return Error(a.t, err, msgAndArgs...)
}

func (a *Assertions) Len(object interface{}, length int, msgAndArgs ...interface{}) bool {
	return Len(a.t, object, length, msgAndArgs...)
}

func (a *Assertions) Empty(object interface{}, msgAndArgs ...interface{}) bool {
	return Empty(a.t, object, msgAndArgs...)
}

func (a *Assertions) InDelta(expected, actual interface{}, delta float64, msgAndArgs ...interface{}) bool {
	return InDelta(a.t, expected, actual, delta, msgAndArgs...)
}

func (a *Assertions) ElementsMatch(expected, actual interface{}, msgAndArgs ...interface{}) bool {
	return ElementsMatch(a.t, expected, actual, msgAndArgs...)
}
