#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <system_error>
#include <vector>

#include "base/crypto.h"
#include "base/durable_file.h"
#include "marketplace/app/delivery_pipeline.h"
#include "marketplace/app/sealed_spill.h"
#include "marketplace/cli/commands.h"
#include "marketplace/cli/file_feed.h"
#include "marketplace/cli/key_file.h"
#include "marketplace/cli/patterns_file.h"
#include "marketplace/cli/report_page.h"
#include "privacy/compiled_operation.h"
#include "privacy/fewest_steps.h"
#include "privacy/file_mask.h"
#include "privacy/file_scan.h"
#include "privacy/fingerprint.h"
#include "privacy/kind_words.h"

namespace pdx::cli {
namespace {

using nlohmann::json;

constexpr std::size_t kKeyBytes = 32;

struct MaskOptions {
    std::string file;
    std::string policy;
    std::string patterns;
    std::string out;
    std::string key;
    std::string language;
    bool force = false;
    bool json = false;
};

privacy::Policy load_masking_policy(const std::string& path) {
    constexpr std::size_t kBytesMax = std::size_t{1} << 20U;
    std::string text;
    feed_file(path, "Policy", [&](std::string_view piece) {
        if (text.size() + piece.size() <= kBytesMax + 1) text += piece;
    });
    try {
        return privacy::read_policy(text);
    } catch (const Error& error) {
        throw invalid("mask.policy",
                      {path + ": " + error.text().en +
                           " `pdx scan FILE --suggest-policy P.json` writes one to begin with.",
                       path + "：" + error.text().zh +
                           " 可用 `pdx scan 文件 --suggest-policy P.json` 生成初稿。"},
                      error.detail());
    }
}

/// Without a key file a new key is used and forgotten: pseudonyms match those of no other run.
Secret root_key_of(const MaskOptions& options) {
    KeySealing sealing;
    return options.key.empty() ? Secret(random_bytes(kKeyBytes))
                               : load_or_create_secret(options.key, kKeyBytes, sealing);
}

[[noreturn]] void refuse_existing(const std::string& path) {
    throw conflict("file.exists", {path + " exists; --force replaces it.",
                                   path + " 已存在；如需覆盖请加 --force。"});
}

/// One table on its way through one policy.
class MaskRun {
public:
    explicit MaskRun(const MaskOptions& options)
        : options_(options),
          policy_(load_masking_policy(options.policy)),
          patterns_(load_patterns(options.patterns)),
          format_(privacy::format_of_name(options.file)) {
        check_output();
        privacy::FileScan scan(random_uint64(), format_, pointer_to(patterns_));
        feed_file(options_.file, "Reading", [&scan](std::string_view piece) { scan.feed(piece); });
        const privacy::FileReport seen = scan.finish();
        input_digest_ = seen.sha256;
        for (const privacy::ScannedColumn& one : seen.columns) classes_.push_back(one.column);
    }

    /// With as few steps of generalisation as the limits of the risk demand.
    privacy::FileMaskReport mask() {
        const Secret root = root_key_of(options_);
        return privacy::with_fewest_steps(
            policy_, [&](std::size_t steps) { return mask(root.view(), steps); });
    }

    /// Columns that leave though nobody has decided what they are.
    std::vector<privacy::ColumnClass> unreviewed() const {
        std::vector<privacy::ColumnClass> columns;
        for (const privacy::PlannedColumn& one : privacy::plan_columns(policy_, classes_)) {
            const bool leaves = one.operation.kind != privacy::OperationKind::kDrop;
            if (leaves && privacy::needs_review(one.column)) columns.push_back(one.column);
        }
        return columns;
    }

private:
    /// What is read must be there afterwards, whatever --force says.
    void check_output() const {
        namespace fs = std::filesystem;
        const std::string& out = options_.out;
        if (fs::is_directory(out)) {
            throw invalid("file.folder",
                          {out + " is a folder; name a file.", out + " 是文件夹；请指定文件名。"});
        }
        std::error_code not_there;
        for (const std::string& read :
             {options_.file, options_.policy, options_.key, options_.patterns}) {
            if (read.empty() || !fs::equivalent(read, out, not_there)) continue;
            throw conflict("file.same", {out + " is also read; write to another file.",
                                         out + " 同时是输入文件；请另选输出文件。"});
        }
        if (!options_.force && fs::exists(out)) refuse_existing(out);
        if (privacy::format_of_name(out) != format_) {
            throw invalid("file.format", {options_.file + " and " + out +
                                              " must both be CSV, or both JSON lines "
                                              "(.jsonl).",
                                          options_.file + " 与 " + out +
                                              " 须同为 CSV，或同为 JSON 行（.jsonl）。"});
        }
    }

    privacy::FileMaskReport mask(ByteView root, std::size_t steps) {
        const Secret key = privacy::contract_key(root, policy_.contract_id);
        const Secret rows_key = privacy::mark_rows_key(root);
        privacy::MaskerOptions options{.format = format_,
                                       .copy = privacy::CopyKeys{rows_key.view(), key.view()},
                                       .steps = steps,
                                       .patterns = pointer_to(patterns_)};
        // At the end of the file canaries would be found at once.
        const Secret order_key = privacy::row_order_key(key.view(), input_digest_.hex());
        app::SealedSpill spill(std::filesystem::temp_directory_path());
        if (policy_.canaries) {
            const std::uint64_t bytes = std::filesystem::file_size(options_.file);
            options.order = privacy::RowOrder{order_key.view(), {.bytes_expected = bytes}, &spill};
        }
        DurableFile out(options_.out, FileAccess::kOwner,
                        options_.force ? Existing::kReplace : Existing::kRefuse);
        privacy::FileMask mask(
            policy_, classes_, key.view(), [&out](std::string_view block) { out.append(block); },
            options);
        feed_file(options_.file, "Masking", [&mask](std::string_view piece) { mask.feed(piece); });
        privacy::FileMaskReport report = mask.finish();
        if (report.input_digest != input_digest_) {
            throw conflict("file.changed",
                           {options_.file + " changed while it was read; nothing was written.",
                            options_.file + " 在读取过程中被修改；未生成任何文件。"});
        }
        publish(out);
        return report;
    }

    void publish(DurableFile& out) const {
        try {
            out.publish();
        } catch (const std::system_error& error) {
            if (error.code() == std::errc::file_exists) refuse_existing(options_.out);
            throw;
        }
    }

    const MaskOptions& options_;
    privacy::Policy policy_;
    std::optional<privacy::PatternSet> patterns_;
    privacy::TableFormat format_;
    Digest input_digest_;
    std::vector<privacy::ColumnClass> classes_;
};

using Columns = std::vector<privacy::ColumnClass>;

json to_json(const privacy::FileMaskReport& report, const Columns& unreviewed) {
    json all = app::to_json(report.masked);
    all["unreviewed"] = json::array();
    for (const privacy::ColumnClass& one : unreviewed) {
        all["unreviewed"].push_back(
            {{"column", one.name}, {"advice", privacy::review_advice(one).en}});
    }
    all["input_sha256"] = report.input_digest.hex();
    all["input_bytes"] = report.input_bytes;
    all["policy_sha256"] = report.masked.policy_digest.hex();
    all["output_sha256"] = report.masked.output_digest.hex();
    all["output_bytes"] = report.masked.bytes_out;
    return all;
}

bool needs_key(const privacy::ColumnReport& column) {
    using Kind = privacy::OperationKind;
    const Kind kind = column.operation.kind;
    return kind == Kind::kPseudonym || kind == Kind::kToken || kind == Kind::kShiftDate;
}

class MaskPage : private ReportPage {
public:
    using ReportPage::ReportPage;

    void show(const privacy::FileMaskReport& report, const Columns& unreviewed,
              const MaskOptions& options) {
        const privacy::MaskReport& masked = report.masked;
        line(options.file + " -> " + options.out);
        line(pick(grouped(masked.rows_out) + " records. SHA-256:",
                  grouped(masked.rows_out) + " 条记录。SHA-256："));
        line(pick("  input   ", "  输入  ") + report.input_digest.hex());
        line(pick("  policy  ", "  策略  ") + masked.policy_digest.hex());
        line(pick("  output  ", "  输出  ") + masked.output_digest.hex());
        for (const privacy::ColumnReport& column : masked.columns) show(column, masked.profile);
        line();
        if (masked.risk) {
            const privacy::RiskReport& risk = masked.risk->report;
            line(pick("Risk of being found again: the smallest class has ",
                      "重标识风险：最小等价类含 ") +
                 grouped(risk.size_min) + pick(" of ", " 人，共 ") + grouped(risk.subjects) +
                 pick(" persons; ", " 人；") + pick("level ", "级别 ") +
                 std::to_string(static_cast<int>(masked.risk->level)) + pick(", ", "，") +
                 pick(privacy::level_words(masked.risk->level)));
        }
        show_copy(masked);
        for (const privacy::ColumnClass& one : unreviewed) {
            line(pick("Before it leaves, column ", "交付前须人工复核列 ") + one.name +
                 pick(": ", "：") + pick(privacy::review_advice(one)));
        }
        const bool is_keyed = std::any_of(masked.columns.begin(), masked.columns.end(), needs_key);
        if (is_keyed && options.key.empty()) {
            line(
                pick("Pseudonyms, tokens and shifted dates were made under a key that is forgotten "
                     "now; with --key FILE they stay the same from file to file.",
                     "本次假名、令牌与日期偏移使用一次性密钥；如需各文件间保持一致，请用 --key "
                     "指定密钥文件。"));
        }
        sign();
    }

private:
    void show(const privacy::ColumnReport& column,
              std::optional<privacy::SensitivityProfile> profile) {
        line();
        line(column.name + ": " + privacy::operation_text(column.operation));
        line("   " + pick(privacy::sensitivity_words(column.sensitivity)) + pick(": ", "：") +
             pick(privacy::kind_words(column.kind)) +
             (column.replaced ? pick("; the policy asked for less than this class needs",
                                     "；策略要求低于该类别的最低处理，已自动加强")
                              : ""));
        if (profile) show_category(*profile, column.kind);
        if (column.operation.kind == privacy::OperationKind::kDrop) return;
        line("   " + pick("as it was ", "原样 ") + grouped(column.passed) +
             pick(", masked ", "，已处理 ") + grouped(column.masked) + pick(", empty ", "，空值 ") +
             grouped(column.empty) +
             (column.unreadable == 0 ? ""
                                     : pick(", blanked because unreadable ", "，无法识别而置空 ") +
                                           grouped(column.unreadable)));
        show_found(column.found);
    }

    void show_copy(const privacy::MaskReport& masked) {
        if (masked.steps > 0) {
            line(pick("Generalised further by ", "为满足风险限值，进一步泛化 ") +
                 grouped(masked.steps) + pick(" steps, to keep the limits of the risk.", " 步。"));
        }
        if (masked.canaries > 0) {
            line(pick("Canary rows among the others: ", "混入的诱饵行：") +
                 grouped(masked.canaries) +
                 pick("; the rows have an order of their own.", "；各行已重新排序。"));
        }
        if (!masked.marks) return;
        for (const privacy::MarkedColumnReport& column : masked.marks->columns) {
            line(pick("Marks in ", "标记列 ") + column.name + pick(": ", "：") +
                 grouped(column.carried) + pick(", raised ", "，上调 ") + grouped(column.raised) +
                 pick(", lowered ", "，下调 ") + grouped(column.lowered));
        }
    }

    /// What gave way inside texts.
    void show_found(const privacy::FreeTextCounts& found) {
        std::string all;
        for (std::size_t i = 0; i < found.size(); ++i) {
            if (found[i] == 0) continue;
            all += (all.empty() ? "" : pick(", ", "，")) +
                   pick(privacy::kind_words(static_cast<privacy::Kind>(i))) + " " +
                   grouped(found[i]);
        }
        if (!all.empty()) line("   " + pick("inside the texts: ", "文中替换：") + all);
    }
};

int run_mask(const MaskOptions& options) {
    MaskRun run(options);
    const privacy::FileMaskReport report = run.mask();
    if (options.json) {
        std::cout << to_json(report, run.unreviewed()).dump() << "\n";
    } else {
        MaskPage(speaks_chinese(options.language)).show(report, run.unreviewed(), options);
    }
    return 0;
}

}  // namespace

void add_mask_command(CLI::App& app, int& status) {
    auto* command = app.add_subcommand(
        "mask", "write what a policy lets leave of a table: all of it checked, or nothing");
    auto options = std::make_shared<MaskOptions>();
    command
        ->add_option("FILE", options->file,
                     "CSV with a header, or JSON lines (.jsonl); UTF-8 or GB18030")
        ->required();
    command->add_option("--policy", options->policy, "what may leave, field by field")->required();
    add_patterns_option(*command, options->patterns);
    command->add_option("--out", options->out, "the masked table; it appears when all is checked")
        ->required();
    command->add_option("--key", options->key,
                        "file with the root key of pseudonyms, made when it is not there");
    command->add_flag("--force", options->force, "replace the output file");
    command->add_flag("--json", options->json, "print one JSON object");
    add_language_option(*command, options->language);
    command->callback([options, &status] { status = run_mask(*options); });
}

}  // namespace pdx::cli
