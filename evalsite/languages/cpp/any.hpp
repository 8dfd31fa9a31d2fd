// boost::any for programs and tests that use nothing else of Boost: searched behind Boost itself.
#pragma once
#include <any>
namespace boost {
struct any : std::any {
  using std::any::any;
  bool empty() const { return !has_value(); }
};
using bad_any_cast = std::bad_any_cast;
template <typename T> T any_cast(const any &held) { return std::any_cast<T>(static_cast<const std::any &>(held)); }
template <typename T> T any_cast(any &held) { return std::any_cast<T>(static_cast<std::any &>(held)); }
template <typename T> T *any_cast(any *held) { return std::any_cast<T>(static_cast<std::any *>(held)); }
} // namespace boost
