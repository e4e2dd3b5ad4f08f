#pragma once
/// Rows in, a masked table out, in one pass and constant memory. Nothing that was written may be
/// used before finish() has returned: every fault, wherever it is found, is an exception before
/// that.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "privacy/classify.h"
#include "privacy/csv.h"
#include "privacy/fingerprint.h"
#include "privacy/free_text.h"
#include "privacy/policy.h"
#include "privacy/risk_gate.h"
#include "privacy/row_order.h"
#include "privacy/table_format.h"

namespace pdx::privacy {

/// Counts only; no value, pseudonym or key, so that it may go into the record of the delivery.
struct ColumnReport {
    std::string name;
    Kind kind = Kind::kUnknown;
    Sensitivity sensitivity = Sensitivity::kUnknown;
    std::int32_t confidence_basis_points = 0;
    Operation operation;
    bool replaced = false;     ///< the class demanded more than the contract asked for
    std::uint64_t passed = 0;  ///< values that left as they came
    std::uint64_t masked = 0;
    std::uint64_t empty = 0;
    std::uint64_t unreadable = 0;  ///< values that the operation could not read and blanked
    FreeTextCounts found{};        ///< what kMaskText replaced inside the values, by kind
};

struct MaskReport {
    std::uint64_t rows_in = 0;
    std::uint64_t rows_out = 0;  ///< without canaries
    std::uint64_t bytes_out = 0;
    Digest output_digest;  ///< SHA-256 of everything that the sink got
    Digest policy_digest;
    std::optional<SensitivityProfile> profile;  ///< the policy's
    std::optional<ReleaseRisk> risk;            ///< when the policy limits it
    std::size_t steps = 0;                      ///< of generalisation that were taken
    std::optional<MarkReport> marks;            ///< when the policy has marks
    std::uint64_t canaries = 0;                 ///< rows of nobody beside rows_out
    std::vector<ColumnReport> columns;          ///< all columns of the input, dropped ones included
};

/// The order in which the rows of a delivery leave; without one they keep that of the input.
struct RowOrder {
    ByteView key;  ///< row_order_key()
    ShuffleSize size;
    RowSpill* spill = nullptr;  ///< must outlive the masker
};

/// What marks and canaries are drawn from.
struct CopyKeys {
    ByteView rows;  ///< mark_rows_key()
    ByteView copy;  ///< copy_key()
};

struct MaskerOptions {
    TableFormat format = TableFormat::kCsv;
    /// Counts persons where the policy limits the risk: the same for releases that are to be
    /// joined; empty: one of this contract.
    ByteView risk_key{};
    std::optional<RowOrder> order{};
    std::optional<CopyKeys> copy{};
    /// Generalisation steps of the policy to take at once, because the release was refused with
    /// fewer.
    std::size_t steps = 0;
    /// Numbers of its own that the exchange states; may be null, must outlive the masker.
    const PatternSet* patterns = nullptr;
};

/// Applies one policy to one table. Columns keep their order. Pseudonyms: "p_" and 26
/// letters or digits, HMAC-SHA-256 under a key of the contract and the domain; the same value has
/// the same pseudonym within a contract and domain and an unrelated one in every other.
/// Thread: not shared.
class Masker {
public:
    using Sink = std::function<void(std::string_view)>;

    /// Requires: the classes of all columns in the order of the file; key_of_contract from
    /// contract_key() in compiled_operation.h; keys of the copy and an order of rows when the
    /// policy has canaries, keys when it has marks; no more steps than it has. Throws: as
    /// plan_columns(), check_mark_plan() and fit_canaries().
    Masker(const Policy& policy, const std::vector<ColumnClass>& classes, ByteView key_of_contract,
           Sink sink, const MaskerOptions& options = {});
    ~Masker();
    Masker(Masker&&) noexcept;
    Masker& operator=(Masker&&) noexcept;

    /// The header first, then every record: made to be the handler of a CsvReader.
    /// Throws: kConflict delivery.columns_changed when the header is not the one that was
    /// classified; as OutputGuard::check(), at this record or at a later one.
    void add(const CsvRecord& record);
    /// Requires: the header was added and nothing failed. Callable once. Throws: as
    /// OutputGuard::check() and RiskGate::finish().
    MaskReport finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace pdx::privacy
