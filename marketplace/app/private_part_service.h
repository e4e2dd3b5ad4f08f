#pragma once
/// What the ledger only commits to: shown to whoever may read it, disclosed with its salt, erased.
#include <cstdint>
#include <limits>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>

#include "marketplace/app/context.h"
#include "marketplace/domain/erasure.h"
#include "marketplace/store/private_part_store.h"

namespace pdx::app {

/// `opened` is absent once the part is erased.
struct FoundPart {
    store::PrivatePart part;
    std::optional<OpenedPart> opened;
};

class PrivatePartService {
public:
    explicit PrivatePartService(Context& context) : context_(context) {}

    /// What a view of the entity shows of its texts: each text under its name, null while it was
    /// not said, once it is erased and when it cannot be opened, and `private_parts`, {name:
    /// {commitment, index, erased, unreadable}}, of each that was said. Of several under one name
    /// the last. One that cannot be opened raises an alarm. `until`: as of this entry.
    /// Requires: the caller may read the entity.
    nlohmann::json texts_of(std::string_view entity_type, std::string_view entity_id,
                            std::uint64_t until = std::numeric_limits<std::uint64_t>::max());

    /// With salt and texts, for whom they are (private_kinds.h).
    /// Throws: not_found("private_part"), also when it is not the caller's to read.
    FoundPart find(const Caller& caller, const Digest& commitment);

    /// Destroys salt, key and texts; the entry that says so has the commitment and the reason.
    /// Afterwards the database's own files are scrubbed of what was destroyed.
    /// Throws: not_found("private_part"); kConflict "private_part.erased",
    /// "private_part.order_open", "private_part.dispute_open", "private_part.retention",
    /// "private_part.official_record".
    Outcome erase(const WriteRequest& write, const Digest& commitment,
                  domain::ErasureReason reason);

    /// Destroys what the ledger says was erased and is there again, as after a table was restored;
    /// raises an alarm for each. At start, before the writer takes commands.
    void repeat_erasures();

private:
    void check_erasable(Transaction& tx, const store::PrivatePart& part,
                        domain::ErasureReason reason) const;
    bool try_open(const store::PrivatePart& part, std::optional<OpenedPart>& opened) const;
    Context& context_;
};

/// Without salt and texts.
nlohmann::json to_json(const store::PrivatePart& part);

}  // namespace pdx::app
