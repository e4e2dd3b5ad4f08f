#pragma once
/// Secrets in files: mode 0600 and the user's own, created whole or not at all, never printed.
/// Sealed (base/sealed_key.h) or, for a demonstration, plain: hex and LF.
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/secret.h"

namespace pdx::cli {

/// Where the passphrase is taken from when there is nobody to ask.
inline constexpr const char* kPassphraseVariable = "PDX_KEY_PASSPHRASE";
inline constexpr const char* kNewPassphraseVariable = "PDX_KEY_PASSPHRASE_NEW";

/// What sealed key files are opened with and new ones are sealed under: a key file when one is
/// named, else a passphrase. Asks a person at most once, and only when a file needs it.
class KeySealing {
public:
    /// `key_file`: 32 bytes, or empty. `variable`: of the environment, taken at once.
    explicit KeySealing(std::filesystem::path key_file = {},
                        const char* variable = kPassphraseVariable);

    /// True when new keys are to be sealed without anybody being asked.
    bool configured() const { return !key_file_.empty() || passphrase_.has_value(); }
    /// The text of a sealed key.
    /// Throws: Error kInvalid "key_file.no_passphrase" without a source; "passphrase.*"; as
    /// load_secret() for the key file.
    std::string seal(const Secret& secret);
    /// Throws: Error kInvalid "key_file.wrong_passphrase", "key_file.wrong_key_file",
    /// "key_file.content", "key_file.no_passphrase", "key_file.no_key_file"; std::bad_alloc.
    Secret open(const std::string& text, const std::filesystem::path& path);

private:
    const Secret& passphrase(bool is_new);
    std::filesystem::path key_file_;
    std::optional<Secret> passphrase_;
};

/// The secret in the file, plain or sealed.
/// Throws: Error kInvalid "key_file.mode" when others may read the file, "key_file.owner" when it
/// is another user's, "key_file.content" when it does not hold `bytes` bytes; as
/// KeySealing::open(); std::system_error.
Secret load_secret(const std::filesystem::path& path, std::size_t bytes, KeySealing& sealing);
/// Made of random bytes when there is no file yet: sealed when `sealing` is configured.
Secret load_or_create_secret(const std::filesystem::path& path, std::size_t bytes,
                             KeySealing& sealing);
/// Throws: Error kConflict "key_file.exists"; std::system_error.
void create_secret(const std::filesystem::path& path, const Secret& secret, KeySealing* sealing);

/// False for a plain file. Throws: as load_secret().
bool is_sealed_file(const std::filesystem::path& path);
/// Seals a plain file in place. Throws: Error kConflict "key_file.sealed"; as load_secret().
void seal_file(const std::filesystem::path& path, KeySealing& sealing);
/// Makes a sealed file plain again. Throws: Error kConflict "key_file.plain"; as load_secret().
void unseal_file(const std::filesystem::path& path, KeySealing& sealing);
/// Seals a sealed file under something else, never plain on disk in between. Throws: as above.
void rewrap_file(const std::filesystem::path& path, KeySealing& before, KeySealing& after);

/// A party's key. Sealed when `sealing` is given, plain otherwise. Throws: as create_secret().
SigningKey create_signing_key(const std::filesystem::path& path, KeySealing* sealing = nullptr);
/// Throws: as load_secret().
SigningKey load_signing_key(const std::filesystem::path& path, KeySealing& sealing);

}  // namespace pdx::cli
