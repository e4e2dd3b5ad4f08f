#pragma once
/// What derives from the exchange's master key, each under a label of its own.
#include <string_view>

#include "base/check.h"
#include "base/crypto.h"
#include "base/sealed_box.h"
#include "base/secret.h"

namespace pdx::app {

/// Requires: a master key of 32 bytes (checked).
inline Secret derive_from_master(ByteView master_key, std::string_view label) {
    PDX_CHECK(master_key.size() == kBoxKeyBytes);
    return derive_key(master_key, label);
}

}  // namespace pdx::app
