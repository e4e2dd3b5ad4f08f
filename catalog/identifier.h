#pragma once
/// Catalog identifiers in the layout of NDI-TR-2025-04: area code and holder, '/', kind, serial and
/// two check characters, for example 320200WXSCJG/D000001C5. The check characters are ISO 7064
/// MOD 1271-36 over everything before them without the '/': the national algorithm is not
/// published, so this one is ours, and a registry that says otherwise replaces check_characters().
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pdx::catalog {

/// ISO/IEC 7064 MOD 1271-36: two characters that detect every single substitution and every
/// transposition. Source: ISO/IEC 7064:2003 section 9.
/// Returns: nothing when the payload is empty or has a character other than 0-9, A-Z.
std::optional<std::string> check_characters(std::string_view payload);

/// What the identifier names. The letter is on the wire: do not renumber.
enum class ObjectKind : char {
    kStructured = 'D',
    kFile = 'F',
    kApi = 'A',
    kService = 'S',
    kProduct = 'P'
};

/// Thread: a value.
class CatalogIdentifier {
public:
    static constexpr std::uint32_t kSerialMax = 999999;
    /// Requires: six digits of GB/T 2260; 1 to 18 characters 0-9, A-Z; 1 <= serial <= kSerialMax.
    /// Returns: nothing otherwise.
    static std::optional<CatalogIdentifier> make(std::string_view area, std::string_view holder,
                                                 ObjectKind kind, std::uint32_t serial);
    /// Accepts upper case only, with correct check characters.
    static std::optional<CatalogIdentifier> parse(std::string_view text);

    const std::string& text() const { return text_; }
    auto operator<=>(const CatalogIdentifier&) const = default;

private:
    explicit CatalogIdentifier(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

}  // namespace pdx::catalog
