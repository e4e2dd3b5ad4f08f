#pragma once
/// Secrets in files: mode 0600, created whole or not at all, never printed.
#include <filesystem>

#include "base/bytes.h"
#include "base/crypto.h"

namespace pdx::cli {

/// The secret in the file, made of `bytes` random bytes when there is no file yet.
/// Throws: Error kInvalid "key_file.mode" when others may read the file, "key_file.content" when it
/// does not hold `bytes` bytes as hex; std::system_error.
Bytes load_or_create_secret(const std::filesystem::path& path, std::size_t bytes);

/// Throws: as above, and kConflict "key_file.exists".
SigningKey create_signing_key(const std::filesystem::path& path);
SigningKey load_signing_key(const std::filesystem::path& path);

}  // namespace pdx::cli
