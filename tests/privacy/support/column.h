#pragma once
/// A classified column as a profile would give it.
#include <string>

#include "privacy/classify.h"

namespace pdx::test {

inline privacy::ColumnClass column(const std::string& name, privacy::Kind kind) {
    privacy::ColumnClass result;
    result.name = name;
    result.kind = kind;
    result.sensitivity = privacy::default_sensitivity(kind);
    return result;
}

}  // namespace pdx::test
