#pragma once
/// What the body of an entry may hold: a small declarative language whose types are all closed
/// formats, so that there is no place for free text. ledger/kinds.h holds the table written in it.
///
///     words NAME = word word ...
///     object NAME = member type, member? type, +OTHER          `?`: may be absent; `+`: all of
///     OTHER's kind NAME VERSION on ENTITY = member type, ...
///
/// A line that begins with a blank goes on the line before it. A type is the name of a format (see
/// FieldType), of words or of an object; one_of(word word); [type] for a list; type|null. ENTITY
/// may be several nouns, one|other, whose ids have one format.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/entry.h"

namespace pdx::ledger {

enum class FieldType : std::uint8_t {
    kId,                       ///< id, id(noun): a UUIDv7
    kIdOrEmpty,                ///< id_or_empty: a UUIDv7 or the empty string
    kDigest,                   ///< digest: SHA-256, 64 lower-case hex digits
    kCommitment,               ///< commitment: salted HMAC-SHA-256, 64 lower-case hex digits
    kMoney,                    ///< money: a decimal string of fen, not negative, below 2^63
    kCount,                    ///< count: the same for a number that may pass 2^53
    kInteger,                  ///< integer: a JSON number, not negative
    kBoolean,                  ///< boolean
    kDate,                     ///< date: 2026-03-01
    kTimestamp,                ///< timestamp: 2026-03-01T08:00:00.000000Z
    kCode,                     ///< code: a-z, _ and 3 digits at most, in words joined by '.'
    kRule,                     ///< rule: profile@version; open
    kPublicKey,                ///< public_key: base64 of 32 bytes
    kSignature,                ///< signature: base64 of 64 bytes
    kAccount,                  ///< account: a-z and _, then for most ':' and a UUIDv7
    kRegistrationCode,         ///< registration_code: LX-320200-2026-000001-5C
    kRegistrationCodeOrEmpty,  ///< registration_code_or_empty
    kVerifierKey,              ///< verifier_key: name+id+base64 of a log's key, ledger/note.h
    kKeyId,                    ///< key_id: 8 lower-case hex digits
    kFieldName,                ///< field_name: an ASCII identifier of 1 to 64; open
    kCatalogIdentifier,        ///< catalog_identifier: 320200WXSCJG/D000001C5; open
    kOperation,                ///< operation: a word, or word(parameters); open
    kWord,                     ///< one of named words
    kObject,                   ///< an object of the table
    kList,                     ///< [type]
};

/// True for a format in which somebody could still write a number that identifies a person: such
/// strings are scanned before they are appended.
bool is_open(FieldType type);

struct ObjectSchema;

struct ValueSchema {
    FieldType type = FieldType::kId;
    bool nullable = false;
    std::string text;                            ///< as it is written in the table
    std::vector<std::string> words;              ///< of kWord, sorted
    std::shared_ptr<const ObjectSchema> object;  ///< of kObject; shared by all that name it
    std::shared_ptr<const ValueSchema> element;  ///< of kList; shared by copies of the field
};

struct FieldSchema {
    std::string name;
    ValueSchema value;
    bool optional = false;
};

struct ObjectSchema {
    std::vector<FieldSchema> fields;  ///< sorted by name, as canonical JSON has them
};

struct KindSchema {
    std::string kind;
    int version = 1;
    std::vector<std::string> entity_types;  ///< at least one; more: of any of these
    FieldType entity_id = FieldType::kId;
    ObjectSchema body;
};

/// Where an entry departs from its schema. Never holds a value of the entry.
struct SchemaFault {
    std::string member;     ///< as body.lines[2].amount
    std::string_view what;  ///< a literal
};

/// A string of an open format, within the entry that was checked.
struct OpenString {
    std::string_view member;  ///< name of the innermost member; lives as long as the table
    std::string_view text;
};

/// Thread: any, once made.
class KindTable {
public:
    /// Throws: InvariantViolation that names the line, when the text is not of the language above,
    /// names what was not defined before, or defines something twice.
    static KindTable parse(std::string_view text);

    /// nullptr when the kind or this version of it is not known.
    const KindSchema* find(std::string_view kind, int version) const;
    /// The body and the envelope's formats: entity type and id, actor, role, rule.
    /// Requires: entry.body is canonical. `open`, if given, is filled with the open strings.
    std::optional<SchemaFault> check(const KindSchema& schema, const Entry& entry,
                                     std::vector<OpenString>* open = nullptr) const;

    const std::vector<KindSchema>& kinds() const { return kinds_; }
    const std::map<std::string, std::vector<std::string>, std::less<>>& words() const {
        return words_;
    }
    const std::map<std::string, std::shared_ptr<const ObjectSchema>>& objects() const {
        return objects_;
    }

private:
    void add_line(std::string_view line);
    ObjectSchema parse_fields(std::string_view text) const;
    ValueSchema parse_type(std::string_view text) const;

    std::vector<KindSchema> kinds_;                                       ///< sorted
    std::map<std::string, std::vector<std::string>, std::less<>> words_;  ///< each list sorted
    std::map<std::string, std::shared_ptr<const ObjectSchema>> objects_;  ///< shared by its users
};

}  // namespace pdx::ledger
