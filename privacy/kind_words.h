#pragma once
/// Kinds and classes in words of both languages, for reports and pages.
#include "base/error.h"
#include "privacy/kind.h"

namespace pdx::privacy {

/// Shape: "mobile number", "手机号码".
Text kind_words(Kind kind);
/// Shape: "identifies a person", "直接标识符".
Text sensitivity_words(Sensitivity sensitivity);

}  // namespace pdx::privacy
