#include "marketplace/cli/trace_page.h"

#include <nlohmann/json.hpp>

namespace pdx::cli {
namespace {

using nlohmann::json;

/// Others are counted only.
constexpr std::size_t kShownUnnamed = 3;

/// "-6.324".
std::string z_text(std::int64_t thousandths) {
    const std::int64_t size = thousandths < 0 ? -thousandths : thousandths;
    return (thousandths < 0 ? "-" : "") + std::to_string(size / 1000) + "." +
           std::to_string(1000 + size % 1000).substr(1);
}

}  // namespace

json to_json(const TracedFile& file) {
    return {{"file", file.path}, {"sha256", file.sha256.hex()}, {"bytes", file.bytes}};
}

json to_json(const privacy::HitEvidence& one) {
    return {{"made", one.made}, {"hits", one.hits}, {"exponent", one.exponent}};
}

json to_json(const privacy::MarkEvidence& one) {
    return {{"looked", one.looked},
            {"agreed", one.agreed},
            {"z_thousandths", one.z_thousandths},
            {"exponent", one.exponent}};
}

std::string power(int exponent) { return exponent == 0 ? "1" : "10^-" + std::to_string(exponent); }

json to_json(const TraceFinding& finding) {
    const privacy::TraceReport& report = finding.report;
    json named = json::array();
    json evidence = json::array();
    for (const privacy::CandidateEvidence& one : report.candidates) {
        if (one.named) named.push_back(one.contract);
        evidence.push_back({{"contract", one.contract},
                            {"named", one.named},
                            {"exponent", one.exponent},
                            {"pseudonyms", to_json(one.tokens)},
                            {"marks", to_json(one.marks)},
                            {"canaries", to_json(one.canaries)}});
    }
    return {{"leak", to_json(finding.leak)},
            {"encoding", privacy::encoding_code(finding.leak.encoding)},
            {"candidates_file", to_json(finding.candidates)},
            {"known_file", finding.known ? to_json(*finding.known) : json()},
            {"records", report.rows},
            {"pseudonyms", report.tokens},
            {"codes", report.codes},
            {"marked_places", report.marks},
            {"identities", report.identities},
            {"left_out", report.left_out},
            {"limit_exponent", report.limit},
            {"verdict", named.empty() ? "cannot_tell" : "named"},
            {"named", std::move(named)},
            {"evidence", std::move(evidence)}};
}

void TracePage::show(const TraceFinding& finding) const {
    show_file(pick("Leaked file", "泄露文件"), finding.leak);
    show_file(pick("Candidates", "候选文件"), finding.candidates);
    if (finding.known) show_file(pick("Known persons", "已知人员"), *finding.known);
    line();
    show_looked_at(finding);
    std::size_t unnamed = 0;
    for (const privacy::CandidateEvidence& one : finding.report.candidates) {
        if (one.named || ++unnamed <= kShownUnnamed) show_candidate(one);
    }
    if (unnamed > kShownUnnamed) {
        line(pick("  and " + grouped(unnamed - kShownUnnamed) + " with no more",
                  "  其余 " + grouped(unnamed - kShownUnnamed) + " 个不高于此"));
    }
    line();
    show_verdict(finding.report);
    line();
    show_method();
    line();
    sign();
}

void FilePage::show_file(const std::string& what, const TracedFile& file) const {
    line(what + pick(": ", "：") + file.path);
    line("  SHA-256 " + file.sha256.hex() + pick(", ", "，") + grouped(file.bytes) +
         pick(" bytes", " 字节"));
}

void TracePage::show_looked_at(const TraceFinding& finding) const {
    const privacy::TraceReport& report = finding.report;
    const auto count = [this](std::uint64_t number, const std::string& en, const std::string& zh) {
        line("  " + pick(grouped(number) + " " + en, zh + " " + grouped(number)));
    };
    line(pick("Looked at", "检查范围"));
    count(report.candidates.size(), "candidate contracts", "候选协议");
    count(report.rows, "records", "记录");
    count(report.tokens, "distinct pseudonyms", "不同假名");
    count(report.marks, "distinct places of marks", "不同标记位置");
    if (finding.identities > 0) {
        const std::string usable =
            std::to_string(report.identities) + " / " + std::to_string(finding.identities);
        line("  " + pick(usable + " identities of rows; the others lack columns",
                         "可用行标识 " + usable + "，其余缺少所需列"));
    }
    if (report.codes > 0) count(report.codes, "codes in canary space", "诱饵号段代码");
    if (report.left_out > 0) count(report.left_out, "above the limit, left out", "超出上限未检查");
    line();
    line(pick("Evidence, the surest first; chance accuses an innocent with at most",
              "证据（由强到弱）；偶然误指的概率上限"));
}

void TracePage::show_candidate(const privacy::CandidateEvidence& one) const {
    line("  " + one.contract + pick(": ", "：") + power(one.exponent));
    const auto hits = [this](const privacy::HitEvidence& some, const std::string& what) {
        if (some.made == 0) return;
        line("    " + what + pick(": ", "：") +
             pick(grouped(some.hits) + " in the file, of " + grouped(some.made) + " made; ",
                  "生成 " + grouped(some.made) + "，文件中出现 " + grouped(some.hits) + "；") +
             power(some.exponent));
    };
    hits(one.tokens, pick("pseudonyms of known persons", "已知人员假名"));
    if (one.marks.looked > 0) {
        line("    " +
             pick("marks: " + grouped(one.marks.agreed) + " of " + grouped(one.marks.looked) +
                      " agree, z ",
                  "标记：" + grouped(one.marks.looked) + " 处中 " + grouped(one.marks.agreed) +
                      " 处相符，z ") +
             z_text(one.marks.z_thousandths) + pick("; ", "；") + power(one.marks.exponent));
    }
    hits(one.canaries, pick("canaries", "诱饵"));
}

void TracePage::show_verdict(const privacy::TraceReport& report) const {
    const std::string limit = power(report.limit);
    if (report.named() == 0) {
        line(pick("VERDICT: cannot tell. No candidate reaches the limit of " + limit + ".",
                  "结论：无法判定。没有候选协议达到界限 " + limit + "。"));
        return;
    }
    line(
        report.named() == 1
            ? pick("VERDICT: the file comes from the copy that was delivered under the contract",
                   "结论：该文件出自按下列协议交付的副本")
            : pick("VERDICT: the file was made from copies that were delivered under the contracts",
                   "结论：该文件由按下列协议交付的多份副本合成"));
    for (const privacy::CandidateEvidence& one : report.candidates) {
        if (one.named) line("  " + one.contract);
    }
    line(pick("Limit " + limit + ". This names a copy and not who gave it away.",
              "界限 " + limit + "。本结论指明副本，不指明泄露人。"));
}

void TracePage::show_method() const {
    line(pick("Method. t = 3 x candidates, for three kinds of evidence; exponents rounded down.",
              "方法。t = 3 × 候选数（三类证据）；指数向下取整。"));
    line(
        pick("  Pseudonyms: HMAC-SHA-256 of 130 bits under the contract's key; chance at most\n"
             "    t x (in the file x made / 10^39)^hits.",
             "  假名：协议密钥下的 HMAC-SHA-256，130 位；上限 t × (文件中数 × 生成数 / "
             "10^39)^命中数。"));
    line(
        pick("  Marks: parity of numbers at places that a key selects; of n places a agree with\n"
             "    the contract's bits; chance at most 2 t exp(-(2a - n)^2 / 2n) (Hoeffding 1963);\n"
             "    z = (2a - n) / sqrt(n). Rows that are named alike count once.",
             "  标记：密钥选定位置上数值的奇偶；n 处中 a 处与协议比特相符；上限 2 t exp(-(2a - "
             "n)^2 / 2n)（Hoeffding 1963）；z = (2a - n) / sqrt(n)。同名行只计一次。"));
    line(
        pick("  Canaries: rows of nobody, drawn from the contract's key; pseudonyms as above,\n"
             "    credit codes with 10^11.",
             "  诱饵：由协议密钥生成的虚构行；假名同上，信用代码以 10^11 计。"));
}

}  // namespace pdx::cli
