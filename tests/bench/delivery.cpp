#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "marketplace/demo/generator.h"
#include "tests/bench/bench.h"
#include "tests/fault/support/server_process.h"
#include "tests/support/quiet_settings.h"
#include "tests/support/small_market.h"
#include "tests/support/temp_folder.h"

namespace pdx::bench {
namespace {

constexpr std::uint64_t kFileBytes = 1ULL << 30U;
constexpr double kMega = 1e6;

std::string admin_token(const std::filesystem::path& data) {
    std::ifstream file(data / "admin-token");
    std::string token;
    std::getline(file, token);
    return token;
}

/// Reads a delivery to its end and keeps nothing. Returns: its bytes.
std::uint64_t download(const test::SmallMarket& market, std::uint16_t port,
                       const std::string& delivery) {
    Poco::Net::HTTPClientSession session("127.0.0.1", port);
    session.setTimeout(Poco::Timespan(60, 0));
    Poco::Net::HTTPRequest request("GET", "/api/v1/deliveries/" + delivery + "/content",
                                   Poco::Net::HTTPMessage::HTTP_1_1);
    request.set("Authorization", "Bearer " + market.token("buyer"));
    session.sendRequest(request);
    Poco::Net::HTTPResponse response;
    std::istream& body = session.receiveResponse(response);
    if (response.getStatus() != Poco::Net::HTTPResponse::HTTP_OK) {
        throw std::runtime_error("the download was refused");
    }
    std::vector<char> piece(1U << 16U);
    std::uint64_t bytes = 0;
    while (body.read(piece.data(), static_cast<std::streamsize>(piece.size())), body.gcount() > 0) {
        bytes += static_cast<std::uint64_t>(body.gcount());
    }
    if (bytes != static_cast<std::uint64_t>(response.getContentLength64())) {
        throw std::runtime_error("the download ended early");
    }
    return bytes;
}

nlohmann::json upload_file(const test::SmallMarket& market, const std::string& resource,
                           const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::vector<char> piece(1U << 18U);
    const auto reply =
        market.as("provider")
            .stream(test::SmallMarket::upload_call(resource, {}), [&]() -> std::string_view {
                file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
                return {piece.data(), static_cast<std::size_t>(file.gcount())};
            });
    if (reply.status != 201) throw std::runtime_error("upload: " + reply.body);
    return nlohmann::json::parse(reply.body);
}

}  // namespace

void delivery() {
    const test::TempFolder folder("pdx-bench");
    const auto data = folder.path() / "data";
    const auto path = folder.path() / "input.csv";
    std::uint64_t bytes = 0;
    {
        std::ofstream file(path, std::ios::binary);
        bytes = demo::generate_csv_of_size(test::SmallMarket::kAsset, kFileBytes, 7,
                                           [&](std::string_view text) { file << text; });
    }
    const double megabytes = static_cast<double>(bytes) / kMega;
    const test::PdxServe server(data);
    test::SmallMarket market(server.port(), admin_token(data), test::quiet_settings(data).origin);
    market.register_cast();
    const std::string resource = market.draft_resource();
    const Stopwatch upload_watch;
    const auto dataset = upload_file(market, resource, path);
    report("delivery.upload_mb_per_s", megabytes / upload_watch.seconds(), "MB/s",
           "1 GiB CSV of the demo city's enterprise register over HTTP: parse, profile, hash, "
           "encrypt, fsync");
    market.review_columns(dataset);
    market.submit(resource);
    market.pass_desk(resource);
    const std::string order = market.order(market.list_product(market.authorize(resource)));
    market.pay(order);
    const Stopwatch mask_watch;
    const std::string id = market.deliver(order);
    const double mask_seconds = mask_watch.seconds();
    const Stopwatch download_watch;
    const std::uint64_t delivered = download(market, server.port(), id);
    const double download_seconds = download_watch.seconds();
    report("delivery.mask_mb_per_s", megabytes / mask_seconds, "MB/s of input",
           "decrypt, parse, mask, scan, encrypt, fsync");
    report("delivery.download_mb_per_s", static_cast<double>(delivered) / kMega / download_seconds,
           "MB/s of output", "decrypt and send over loopback");
    report("delivery.mb_per_s", megabytes / (mask_seconds + download_seconds), "MB/s of input",
           "masking and download of the 1 GiB file");
    report("delivery.peak_rss_mb", peak_rss_mb(server.pid()).value(), "MB",
           "VmHWM of pdx serve after upload, masking and download");
    report("delivery.memcpy_mb_per_s", memcpy_mb_per_s(), "MB/s", "one thread, 64 MiB buffers");
}

}  // namespace pdx::bench
