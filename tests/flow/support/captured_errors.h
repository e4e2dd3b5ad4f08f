#pragma once
/// What an exchange in this process says to its keeper.
#include <iostream>
#include <sstream>
#include <string>

namespace pdx::test {

/// Takes what is written to standard error while it lives: the access log and alarms.
class CapturedErrors {
public:
    CapturedErrors() : before_(std::cerr.rdbuf(text_.rdbuf())) {}
    ~CapturedErrors() { std::cerr.rdbuf(before_); }
    CapturedErrors(const CapturedErrors&) = delete;
    CapturedErrors& operator=(const CapturedErrors&) = delete;
    std::string text() const { return text_.str(); }

private:
    std::ostringstream text_;
    std::streambuf* before_;
};

}  // namespace pdx::test
