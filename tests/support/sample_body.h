#pragma once
/// Bodies made from the schemas of ledger/kinds.h, so that a test covers kinds it does not know.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <string>

#include "base/bytes.h"
#include "ledger/entry_schema.h"

namespace pdx::bodies {

inline std::string sample_id(std::uint64_t number) {
    std::string tail = std::to_string(number % 1'000'000'000'000);
    return "0190a1b2-0000-7000-8000-" + std::string(12 - tail.size(), '0') + tail;
}

/// Draws valid values. With `everything`, no optional member is left out, nothing that may be null
/// is null and every list has an element.
class BodySampler {
public:
    BodySampler(std::uint64_t seed, bool everything) : random_(seed), everything_(everything) {}

    nlohmann::json object(const ledger::ObjectSchema& schema) {
        nlohmann::json body = nlohmann::json::object();
        for (const ledger::FieldSchema& field : schema.fields) {
            if (field.optional && !everything_ && random_() % 2 == 0) continue;
            body[field.name] = value(field.value);
        }
        return body;
    }

    nlohmann::json value(const ledger::ValueSchema& schema) {
        using ledger::FieldType;
        if (schema.nullable && !everything_ && random_() % 2 == 0) return nullptr;
        switch (schema.type) {
            case FieldType::kObject: return object(*schema.object);
            case FieldType::kList: {
                nlohmann::json list = nlohmann::json::array();
                const std::uint64_t count = everything_ ? 2 : random_() % 3;
                for (std::uint64_t i = 0; i < count; ++i) list.push_back(value(*schema.element));
                return list;
            }
            case FieldType::kWord: return schema.words[random_() % schema.words.size()];
            case FieldType::kInteger: return random_() % 9'007'199'254'740'992;
            case FieldType::kBoolean: return random_() % 2 == 0;
            default: return text(schema.type);
        }
    }

    /// Of a format whose values are strings.
    std::string text(ledger::FieldType type) {
        using ledger::FieldType;
        if (ledger::is_open(type) && plant && open_seen++ == plant_at) return *plant;
        switch (type) {
            case FieldType::kId: return sample_id(random_());
            case FieldType::kIdOrEmpty: return random_() % 2 == 0 ? "" : sample_id(random_());
            case FieldType::kDigest:
            case FieldType::kCommitment: return to_hex(bytes(32));
            case FieldType::kMoney:
            case FieldType::kCount: return std::to_string(random_() >> (1 + random_() % 63));
            case FieldType::kDate: return "2026-0" + std::to_string(1 + random_() % 9) + "-28";
            case FieldType::kTimestamp: return "2026-03-01T08:00:00.000000Z";
            case FieldType::kCode: return "order.not_delivered";
            case FieldType::kRule: return "cn-2025@1";
            case FieldType::kPublicKey: return to_base64(bytes(32));
            case FieldType::kSignature: return to_base64(bytes(64));
            case FieldType::kAccount:
                return random_() % 2 == 0 ? "bank_clearing" : "escrow:" + sample_id(random_());
            case FieldType::kRegistrationCode: return "LX-320200-2026-000001-5C";
            case FieldType::kRegistrationCodeOrEmpty:
                return random_() % 2 == 0 ? "" : "LX-320200-2026-000001-5C";
            case FieldType::kVerifierKey:
                return "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
            case FieldType::kKeyId: return to_hex(bytes(4));
            case FieldType::kFieldName: return "legal_rep_id_no";
            case FieldType::kCatalogIdentifier: return "320200WXSCJG/D000001C5";
            case FieldType::kOperation: return random_() % 2 == 0 ? "drop" : "keep_first_last(3,4)";
            default: return {};
        }
    }

    std::optional<std::string> plant;  ///< stands at the open string of this position
    std::size_t plant_at = 0;
    std::size_t open_seen = 0;

private:
    Bytes bytes(std::size_t count) {
        Bytes result(count);
        for (auto& byte : result) byte = static_cast<std::uint8_t>(random_());
        return result;
    }

    std::mt19937_64 random_;
    bool everything_;
};

/// An entry of the kind around the body; the body is canonical.
inline ledger::Entry sample_entry_of(const ledger::KindSchema& schema, const nlohmann::json& body) {
    return {.log = "exchange.example/test",
            .kind = schema.kind,
            .v = schema.version,
            .entity_type = schema.entity_types.front(),
            .entity_id = schema.entity_id == ledger::FieldType::kId
                             ? sample_id(7)
                             : BodySampler(7, true).text(schema.entity_id),
            .at = Timestamp{1'772'352'000'000'000},
            .actor = sample_id(8),
            .actor_role = "buyer",
            .rule = "cn-2025@1",
            .body = ledger::canonical_json(body)};
}

}  // namespace pdx::bodies
