#include <algorithm>
#include <array>

#include "marketplace/demo/columns.h"

namespace pdx::demo {
namespace {

/// Unit: seconds since 1970-01-01 in Shanghai; the feeds begin at 2026-02-01 06:00.
constexpr std::int64_t kFeedStart = 20'485LL * 86'400 + 6LL * 3'600;

/// A named point. Unit: 1e-6 degrees.
struct Point {
    std::string_view name;
    std::int64_t longitude;
    std::int64_t latitude;
};

template <std::size_t Position>
void write_amount(Row& row, std::string& out) {
    append_number(out, row.amounts.at(Position));
}
void write_time(Row& row, std::string& out) { append_time(out, row.seconds); }
void write_time_ms(Row& row, std::string& out) {
    append_time(out, row.seconds);
    out += '.';
    append_padded(out, row.random.between(0, 999), 3);
}

/// Row `index` of a feed in which `stations` report in turn every `interval` seconds.
void feed(Row& row, std::size_t stations, std::int64_t interval) {
    row.place = static_cast<std::size_t>(row.index % stations);
    row.seconds = kFeedStart + static_cast<std::int64_t>(row.index / stations) * interval;
}

/// Hour of the day, and how busy a city is then, in percent.
std::int64_t hour_of(const Row& row) { return row.seconds / 3600 % 24; }
std::int64_t busy(const Row& row) {
    constexpr std::array<std::int64_t, 24> kBusy{4,  3,  2,  2,  4,  12, 38,  82, 96, 70, 60, 62,
                                                 66, 60, 58, 60, 72, 95, 100, 72, 50, 40, 24, 10};
    return kBusy.at(static_cast<std::size_t>(hour_of(row)));
}

// 9: hospitals by department and month. amounts: outpatients

constexpr std::array<std::string_view, 10> kHospitals{
    "市第一医院(示范)", "市第二医院(示范)", "市中医医院(示范)", "市妇幼保健院(示范)",
    "市儿童医院(示范)", "滨湖区医院(示范)", "锡山区医院(示范)", "惠山区医院(示范)",
    "江阴市医院(示范)", "宜兴市医院(示范)"};
constexpr std::array<std::string_view, 8> kDepartments{"A03", "A04", "A05", "A07",
                                                       "A10", "A11", "A12", "A50"};

void prepare_hospital(Row& row) {
    row.place = static_cast<std::size_t>(row.index % kHospitals.size());
    row.month = 600 + static_cast<std::int64_t>(row.index / 80);
    row.amounts[0] =
        row.random.between(400, 21000) / (static_cast<std::int64_t>(row.place) / 4 + 1);
}

constexpr std::array<Column, 9> kHospitalStatistics{{
    {"hosp_code",
     [](Row& row, std::string& out) {
         out += "H320299";
         append_padded(out, static_cast<std::int64_t>(row.place) + 1, 5);
     }},
    {"hosp_name", [](Row& row, std::string& out) { out += kHospitals.at(row.place); }},
    {"dept_code",
     [](Row& row, std::string& out) {
         out += kDepartments.at(static_cast<std::size_t>(row.index / 10 % kDepartments.size()));
     }},
    {"period", [](Row& row, std::string& out) { append_month(out, row.month); }},
    {"outpatients", write_amount<0>},
    {"inpatients",
     [](Row& row, std::string& out) {
         append_number(out, row.amounts[0] * row.random.between(2, 7) / 100);
     }},
    {"avg_los",
     [](Row& row, std::string& out) { append_decimal(out, row.random.between(380, 1150), 2); }},
    {"bed_occupancy",
     [](Row& row, std::string& out) { append_decimal(out, row.random.between(6200, 10400), 2); }},
    {"avg_cost_fen",
     [](Row& row, std::string& out) { append_number(out, row.random.between(18000, 96000)); }},
}};

// 10: buses. place: stop

constexpr auto kStops =
    std::to_array<Point>({{"火车站", 120305200, 31590100},   {"三阳广场", 120301900, 31576300},
                          {"胜利门", 120299600, 31582400},   {"南禅寺", 120303600, 31568400},
                          {"清名桥", 120308900, 31560400},   {"太湖广场", 120310900, 31556900},
                          {"市民中心", 120311800, 31491300}, {"江南大学", 120271900, 31484100},
                          {"鼋头渚", 120226200, 31525800},   {"蠡湖公园", 120255300, 31538700},
                          {"河埒口", 120272800, 31571700},   {"惠山古镇", 120268900, 31582200},
                          {"堰桥", 120281800, 31672100},     {"东亭", 120348500, 31583800},
                          {"无锡东站", 120467300, 31589100}, {"硕放机场", 120435400, 31500700},
                          {"梅园", 120224000, 31554800},     {"旺庄", 120354100, 31545500},
                          {"荡口古镇", 120529200, 31572400}, {"阳山", 120101300, 31593300}});
constexpr std::array<std::string_view, 8> kRoutes{"1路",  "10路",  "35路", "77路",
                                                  "88路", "118路", "K1线", "G2线"};

std::size_t route_of(const Row& row) {
    return static_cast<std::size_t>(row.index / kStops.size() % kRoutes.size());
}

constexpr std::array<Column, 11> kBuses{{
    {"route_id",
     [](Row& row, std::string& out) {
         out += "R";
         append_padded(out, static_cast<std::int64_t>(route_of(row)) + 1, 4);
     }},
    {"route_name", [](Row& row, std::string& out) { out += kRoutes.at(route_of(row)); }},
    {"direction",
     [](Row& row, std::string& out) {
         out += row.index / (kStops.size() * kRoutes.size()) % 2 == 0 ? "上行" : "下行";
     }},
    {"stop_id",
     [](Row& row, std::string& out) {
         out += "S";
         append_padded(out, static_cast<std::int64_t>(row.place) + 1001, 6);
     }},
    {"stop_name", [](Row& row, std::string& out) { out += kStops.at(row.place).name; }},
    {"lng",
     [](Row& row, std::string& out) { append_decimal(out, kStops.at(row.place).longitude, 6); }},
    {"lat",
     [](Row& row, std::string& out) { append_decimal(out, kStops.at(row.place).latitude, 6); }},
    {"vehicle_no",
     [](Row& row, std::string& out) {
         append_padded(out, 20000 + static_cast<std::int64_t>(row.index / 20 % 600), 5);
     }},
    {"arrive_eta_s",
     [](Row& row, std::string& out) { append_number(out, row.random.between(0, 1500)); }},
    {"report_time", write_time_ms},
    {"load_level",
     [](Row& row, std::string& out) {
         const std::int64_t load = busy(row) + row.random.between(-30, 20);
         out += load > 75 ? "拥挤" : load > 35 ? "适中" : "宽松";
     }},
}};

// 11: metro journeys in bins of 15 minutes. amounts: stations in and out, minutes

void prepare_metro(Row& row) {
    row.seconds = kFeedStart + static_cast<std::int64_t>(row.index / 400) * 900;
    row.amounts[0] = row.random.between(1, 80);
    row.amounts[1] = (row.amounts[0] + row.random.between(1, 30) - 1) % 80 + 1;
    const std::int64_t distance = std::abs(row.amounts[0] - row.amounts[1]);
    row.amounts[2] = 900 * (1 + distance / 8);
    row.amounts[3] = 200 + distance / 10 * 100;  // Unit: fen
}

void write_station(std::int64_t station, std::string& out) {
    out += "WX";
    append_padded(out, station / 20 + 1, 2);
    append_padded(out, station % 20 + 1, 2);
}

constexpr std::array<Column, 7> kMetro{{
    {"card_pid",
     [](Row& row, std::string& out) {
         constexpr std::string_view kHex = "0123456789abcdef";
         Random card(mix(row.seed + row.random.below(200000)));
         for (int digit = 0; digit < 32; ++digit) {
             out += card.pick(kHex);
         }
     }},
    {"ticket_kind",
     [](Row& row, std::string& out) {
         out += choose(
             row.random,
             std::array<WeightedWord, 5>{
                 {{"二维码", 62}, {"市民卡", 19}, {"单程票", 6}, {"学生卡", 7}, {"老年卡", 6}}});
     }},
    {"in_station", [](Row& row, std::string& out) { write_station(row.amounts[0], out); }},
    {"in_time", write_time},
    {"out_station", [](Row& row, std::string& out) { write_station(row.amounts[1], out); }},
    {"out_time",
     [](Row& row, std::string& out) { append_time(out, row.seconds + row.amounts[2]); }},
    {"fare_fen", write_amount<3>},
}};

// 12: checkpoints and junctions. flag: new energy

void prepare_checkpoint(Row& row) {
    row.place = static_cast<std::size_t>(row.random.below(120));
    row.seconds = kFeedStart + static_cast<std::int64_t>(row.index / 3);
    row.flag = row.random.chance(22);
    row.amounts[0] = row.random.between(0, 5);  // phase
}

constexpr std::array<Column, 10> kCheckpoints{{
    {"device_id",
     [](Row& row, std::string& out) {
         out += "320299000001190";
         append_padded(out, static_cast<std::int64_t>(row.place) + 1, 5);
     }},
    {"pass_time", write_time_ms},
    {"plate_no", [](Row& row, std::string& out) { append_plate(out, row.random, row.flag); }},
    {"plate_kind", [](Row& row, std::string& out) { out += row.flag ? "52" : "02"; }},
    {"lane_no", [](Row& row, std::string& out) { append_number(out, row.random.between(1, 4)); }},
    {"speed_kmh",
     [](Row& row, std::string& out) {
         append_number(out, row.random.sum({12, 38}, {0, 26}));
     }},
    {"veh_class",
     [](Row& row, std::string& out) {
         out += choose(row.random,
                       std::array<WeightedWord, 4>{
                           {{"小型客车", 86}, {"中型货车", 6}, {"大型货车", 5}, {"大型客车", 3}}});
     }},
    {"junction_id",
     [](Row& row, std::string& out) {
         out += "JX";
         append_padded(out, static_cast<std::int64_t>(row.place) / 4 + 1, 4);
     }},
    {"phase_id", write_amount<0>},
    {"phase_state",
     [](Row& row, std::string& out) {
         out += choose(row.random, std::array<WeightedWord, 3>{{{"绿", 90}, {"黄", 7}, {"红", 3}}});
     }},
}};

// 13: car parks. amounts: spaces

void prepare_parking(Row& row) {
    feed(row, 100, 300);
    Random lot = stream(row.seed, row.place, 130);
    row.amounts[0] = lot.between(40, 900);
    row.amounts[1] = lot.between(0, 40);
    row.amounts[2] = static_cast<std::int64_t>(pick_district(lot));
    row.amounts[3] = longitude_in(static_cast<std::size_t>(row.amounts[2]), lot);
    row.amounts[4] = latitude_in(static_cast<std::size_t>(row.amounts[2]), lot);
}

constexpr std::array<std::string_view, 6> kLotKinds{"地下停车场", "公共停车场", "停车楼",
                                                    "路侧泊位",   "换乘停车场", "广场停车场"};

constexpr std::array<Column, 10> kParking{{
    {"lot_id",
     [](Row& row, std::string& out) {
         out += "P3202";
         append_padded(out, static_cast<std::int64_t>(row.place) + 1, 6);
     }},
    {"lot_name",
     [](Row& row, std::string& out) {
         Random lot = stream(row.seed, row.place, 131);
         out += lot.pick(kRoads);
         append_number(out, lot.between(1, 99));
         out += "号";
         out += lot.pick(kLotKinds);
     }},
    {"address",
     [](Row& row, std::string& out) {
         Random lot = stream(row.seed, row.place, 132);
         append_address(out, static_cast<std::size_t>(row.amounts[2]), Place::kBusiness, lot);
     }},
    {"lng", [](Row& row, std::string& out) { append_decimal(out, row.amounts[3], 6); }},
    {"lat", [](Row& row, std::string& out) { append_decimal(out, row.amounts[4], 6); }},
    {"total_spaces", write_amount<0>},
    {"free_spaces",
     [](Row& row, std::string& out) {
         const std::int64_t used =
             std::clamp<std::int64_t>(busy(row) + row.random.between(-25, 10), 0, 100);
         append_number(out, row.amounts[0] * (100 - used) / 100);
     }},
    {"ev_chargers", write_amount<1>},
    {"tariff_desc",
     [](Row& row, std::string& out) {
         out += row.place % 3 == 0 ? "\"首小时 5 元, 之后每小时 2 元; 当日 \"\"封顶\"\" 30 元\""
                                   : "前 30 分钟免费；每小时 3 元";
     }},
    {"update_time", write_time},
}};

// 14: air and water quality. Air stations first; flag: air

constexpr auto kStations = std::to_array<Point>({{"黄巷", 120282000, 31616000},
                                                 {"雪浪", 120270000, 31500000},
                                                 {"旺庄", 120354000, 31555000},
                                                 {"东亭", 120345000, 31580000},
                                                 {"堰桥", 120290000, 31670000},
                                                 {"沙渚", 120228000, 31400000},
                                                 {"锡东", 120393000, 31438000},
                                                 {"拖山", 120164000, 31412000},
                                                 {"梅梁湖心", 120180000, 31478000},
                                                 {"竺山湖", 120042000, 31440000},
                                                 {"望虞河桥", 120440000, 31505000},
                                                 {"殷村港", 119978000, 31451000}});
constexpr std::size_t kAirStations = 5;

void prepare_quality(Row& row) {
    feed(row, kStations.size(), 3600);
    row.flag = row.place < kAirStations;
}

/// A measurement of air or of water; empty at a station of the other sort.
template <bool kAir, std::int64_t kLow, std::int64_t kHigh, int kDecimals>
void write_measured(Row& row, std::string& out) {
    if (row.flag == kAir) {
        append_decimal(out, row.random.sum({kLow, kHigh}, {kLow, kHigh}) / 2, kDecimals);
    }
}

constexpr std::array<Column, 14> kQuality{{
    {"station_code",
     [](Row& row, std::string& out) {
         out += row.flag ? "A3202" : "W3202";
         append_padded(out, static_cast<std::int64_t>(row.place) + 1, 3);
     }},
    {"station_name", [](Row& row, std::string& out) { out += kStations.at(row.place).name; }},
    {"station_kind",
     [](Row& row, std::string& out) {
         out += row.flag ? "空气" : row.place <= 6 ? "水源地" : row.place <= 9 ? "湖体" : "河道";
     }},
    {"lng",
     [](Row& row, std::string& out) { append_decimal(out, kStations.at(row.place).longitude, 6); }},
    {"lat",
     [](Row& row, std::string& out) { append_decimal(out, kStations.at(row.place).latitude, 6); }},
    {"obs_time", write_time},
    {"pm25", write_measured<true, 60, 980, 1>},
    {"o3_8h", write_measured<true, 180, 1900, 1>},
    {"ph", write_measured<false, 720, 890, 2>},
    {"do_mgl", write_measured<false, 480, 1240, 2>},
    {"tp_mgl", write_measured<false, 250, 1500, 4>},
    {"tn_mgl", write_measured<false, 700, 3900, 3>},
    {"chla_ugl", write_measured<false, 300, 6400, 2>},
    {"algae_cells", write_measured<false, 80, 4200, 0>},
}};

// 15: water levels and rain. amounts: base level, warning level (mm)

struct Gauge {
    std::string_view name;
    std::string_view river;
    std::int64_t level_mm;
    std::int64_t warning_mm;
};
constexpr auto kGauges = std::to_array<Gauge>({{"无锡(大)", "京杭运河", 3480, 3900},
                                               {"青阳", "锡澄运河", 3560, 4000},
                                               {"洛社", "京杭运河", 3520, 4000},
                                               {"甘露", "望虞河", 3370, 3800},
                                               {"大浦口", "太湖", 3290, 3800},
                                               {"犊山闸", "梁溪河", 3260, 3800},
                                               {"定波闸", "锡澄运河", 3610, 4100},
                                               {"宜兴(西)", "南溪河", 3420, 4200}});

constexpr std::array<Column, 8> kLevels{{
    {"stcd",
     [](Row& row, std::string& out) {
         out += "633";
         append_padded(out, 20000 + static_cast<std::int64_t>(row.place) * 150, 5);
     }},
    {"stnm", [](Row& row, std::string& out) { out += kGauges.at(row.place).name; }},
    {"rvnm", [](Row& row, std::string& out) { out += kGauges.at(row.place).river; }},
    {"tm", write_time},
    {"z_m",
     [](Row& row, std::string& out) {
         append_decimal(out, kGauges.at(row.place).level_mm + row.random.between(-120, 180), 3);
     }},
    {"wrz_m",
     [](Row& row, std::string& out) { append_decimal(out, kGauges.at(row.place).warning_mm, 3); }},
    {"drp_mm",
     [](Row& row, std::string& out) {
         append_decimal(out, row.random.chance(12) ? row.random.between(1, 85) : 0, 1);
     }},
    {"q_m3s",
     [](Row& row, std::string& out) { append_decimal(out, row.random.between(1200, 88000), 3); }},
}};

// 16: weather. amounts: temperature in 0.1 degrees

void prepare_weather(Row& row) {
    feed(row, 24, 3600);
    const std::int64_t sun = std::max<std::int64_t>(0, 6 - std::abs(hour_of(row) - 14));
    row.amounts[0] = 25 + sun * 12 + row.random.between(-15, 15);
}

constexpr std::array<Column, 9> kWeather{{
    {"station_id",
     [](Row& row, std::string& out) {
         out += "M";
         append_padded(out, 4500 + static_cast<std::int64_t>(row.place), 4);
     }},
    {"obs_time", write_time},
    {"temp_c", [](Row& row, std::string& out) { append_decimal(out, row.amounts[0], 1); }},
    {"rh_pct",
     [](Row& row, std::string& out) {
         append_number(out, std::clamp<std::int64_t>(
                                92 - row.amounts[0] / 3 + row.random.between(-8, 8), 20, 100));
     }},
    {"wind_ms",
     [](Row& row, std::string& out) {
         append_decimal(out, row.random.sum({2, 45}, {0, 40}), 1);
     }},
    {"wind_dir",
     [](Row& row, std::string& out) { append_number(out, row.random.between(0, 359)); }},
    {"rain_1h_mm",
     [](Row& row, std::string& out) {
         append_decimal(out, row.random.chance(9) ? row.random.between(1, 120) : 0, 1);
     }},
    {"vis_m",
     [](Row& row, std::string& out) { append_number(out, row.random.between(8, 300) * 100); }},
    {"pressure_hpa",
     [](Row& row, std::string& out) {
         append_decimal(out, 10240 + row.random.between(-90, 90), 1);
     }},
}};

// 19: scenic areas

struct Spot {
    std::string_view name;
    std::string_view grade;
    std::int64_t capacity;
};
constexpr auto kSpots = std::to_array<Spot>({{"灵山胜境", "5A", 60000},
                                             {"鼋头渚", "5A", 80000},
                                             {"三国水浒景区", "5A", 45000},
                                             {"惠山古镇", "5A", 50000},
                                             {"锡惠公园", "4A", 40000},
                                             {"蠡园", "4A", 18000},
                                             {"梅园", "4A", 25000},
                                             {"荡口古镇", "4A", 22000},
                                             {"拈花湾", "4A", 30000},
                                             {"善卷洞", "4A", 15000}});

void prepare_spot(Row& row) {
    feed(row, kSpots.size(), 600);
    const bool open = hour_of(row) >= 8 && hour_of(row) < 18;
    const std::int64_t share = open ? busy(row) * row.random.between(10, 60) / 100 : 0;
    row.amounts[0] = kSpots.at(row.place).capacity * share / 100;
    row.flag = open;
}

constexpr std::array<Column, 8> kVisitors{{
    {"spot_id",
     [](Row& row, std::string& out) {
         out += "T";
         append_padded(out, static_cast<std::int64_t>(row.place) + 1, 3);
     }},
    {"spot_name", [](Row& row, std::string& out) { out += kSpots.at(row.place).name; }},
    {"grade", [](Row& row, std::string& out) { out += kSpots.at(row.place).grade; }},
    {"max_capacity",
     [](Row& row, std::string& out) { append_number(out, kSpots.at(row.place).capacity); }},
    {"in_park_now", write_amount<0>},
    {"gate_in_1h",
     [](Row& row, std::string& out) {
         append_number(out, row.amounts[0] * row.random.between(8, 35) / 100);
     }},
    {"status", [](Row& row, std::string& out) { out += row.flag ? "开放" : "闭园"; }},
    {"report_time", write_time},
}};

constexpr std::array<Model, 9> kModels{{
    {9, prepare_hospital, kHospitalStatistics},
    {10, [](Row& row) { feed(row, kStops.size(), 15); }, kBuses},
    {11, prepare_metro, kMetro},
    {12, prepare_checkpoint, kCheckpoints},
    {13, prepare_parking, kParking},
    {14, prepare_quality, kQuality},
    {15, [](Row& row) { feed(row, kGauges.size(), 300); }, kLevels},
    {16, prepare_weather, kWeather},
    {19, prepare_spot, kVisitors},
}};

}  // namespace

std::span<const Model> city_models() { return kModels; }

}  // namespace pdx::demo
