#include "marketplace/http/handlers/witness_routes.h"

#include <array>
#include <cstdint>
#include <utility>

#include "base/error.h"

namespace pdx::http {
namespace {

constexpr std::string_view kCosignedNoteType = "text/plain; charset=utf-8";
constexpr std::size_t kBodyPieceBytes = std::size_t{16} * 1024;

Response text_answer(int status, std::string body, std::string_view type) {
    Response response;
    response.status = status;
    response.content_type = type;
    response.body = std::move(body);
    return response;
}

std::string read_body(BodyReader& reader) {
    reader.set_limit(ledger::kWitnessRequestBytesMax);
    std::string body;
    std::array<std::uint8_t, kBodyPieceBytes> piece{};
    while (const std::size_t count = reader.read(piece)) {
        body.append(as_text(ByteView(piece.data(), count)));
    }
    return body;
}

/// The protocol fixes statuses and media types, so they are not turned into problems here.
Response add_checkpoint(const Request& request, const WitnessOperations& operations) {
    const ledger::WitnessAnswer answer = operations.add_checkpoint(read_body(request.upload()));
    const bool stale = answer.status == ledger::WitnessStatus::kStale;
    return text_answer(static_cast<int>(answer.status), answer.body,
                       stale ? ledger::kTlogSizeType : kCosignedNoteType);
}

Response find_checkpoint(const Request& request, const WitnessOperations& operations) {
    auto note = operations.checkpoint(request.path_text("log_id"));
    if (!note) throw not_found("checkpoint");
    Response response = text_answer(200, *std::move(note), kCosignedNoteType);
    response.with("Access-Control-Allow-Origin", "*");
    return std::move(response.with("Cache-Control", "no-cache"));
}

}  // namespace

std::vector<Route> witness_routes(const WitnessOperations& operations) {
    return {
        {.method = "POST",
         .path = "/witness/add-checkpoint",
         .operation_id = "addCheckpoint",
         .tag = "Witness",
         .summary = {"Asks for a cosignature (C2SP tlog-witness)", "请求见证签名"},
         .access = Access::open(),
         .body = BodyMode::kStream,
         .upload_types = {kAnyMediaType},
         .response = {200, {"Signature lines", "签名行"}, kCosignedNoteType},
         .handler = [operations](const Request& r) { return add_checkpoint(r, operations); }},
        {.method = "GET",
         .path = "/witness/{log_id}/checkpoint",
         .operation_id = "findWitnessedCheckpoint",
         .tag = "Witness",
         .summary = {"The latest checkpoint of a log that was cosigned", "最近一次见证的检查点"},
         .access = Access::open(),
         .response = {200, {"The signed note", "签名文本"}, kCosignedNoteType},
         .errors = {{404, "checkpoint.not_found"}},
         .handler = [operations](const Request& r) { return find_checkpoint(r, operations); }},
        {.method = "GET",
         .path = "/witness/vkey",
         .operation_id = "findWitnessKey",
         .tag = "Witness",
         .summary = {"The witness's public key as a C2SP vkey", "见证方公钥"},
         .access = Access::open(),
         .response = {200, {"The key", "公钥"}, kCosignedNoteType},
         .handler =
             [vkey = operations.vkey](const Request&) {
                 return text_answer(200, vkey + "\n", kCosignedNoteType);
             }},
        {.method = "GET",
         .path = "/healthz",
         .operation_id = "readHealth",
         .tag = "System",
         .summary = {"Is the process alive?", "存活检查"},
         .access = Access::open(),
         .response = {200, {"It is", "正常"}},
         .handler =
             [](const Request&) {
                 return text_answer(200, R"({"status":"ok"})", "application/json");
             }},
    };
}

}  // namespace pdx::http
