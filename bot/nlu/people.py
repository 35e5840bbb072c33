"""Clients: their number, the tail of their phone, their name."""

from __future__ import annotations

import re

from bot.nlu.figure import Figure
from bot.nlu.numerals import digit_string

_COMPOUND = (
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|令狐|夏侯|端木|百里|南宫|西门|"
    "独孤|轩辕|宇文|长孙|申屠|澹台|鲜于|闾丘|淳于|单于|太史|呼延|完颜|公羊|钟离|东郭|"
    "闻人|赫连"
)
_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘"
    "葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮"
    "卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董"
    "梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经"
    "房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉钮龚程嵇邢裴陆荣翁荀羊惠甄曲家封芮羿储靳汲邴"
    "糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶"
    "幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵"
    "冉宰郦雍璩桑桂濮牛寿通边扈燕冀浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终"
    "暨居衡步都耿满弘匡国文寇广禄阙东殴殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋"
    "沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公覃佟肖闫岳付代涂斤仝占冼邸敬亓操"
)
_TITLE_ANY = "先生|女士|小姐|太太"
_TITLE_NEAR = (
    "老师|阿姨|叔叔|大爷|大妈|大姐|大哥|大伯|大叔|奶奶|爷爷|伯伯|老板|经理|教授|医生|"
    "主任|总|叔|姨|哥|姐|伯|婶|嫂|工"
)
_NOT_TITLE = re.compile(
    r"^(?:总(?:共|是|之|体|算|部|额|的来|监|量|价|计|数|值|成交|收|资)|工(?:作|商|资|行|"
    r"人|程|具|业|厂)|姐(?:妹|夫)|哥(?:们|俩)|经理(?:人)|姨(?:妈|夫)|伯(?:乐))"
)
_TITLE = re.compile(f"{_TITLE_ANY}|{_TITLE_NEAR}")
# Where a name cannot go on leftwards: function words and verbs before it.
_STOP_WORDS = (
    "客户", "用户", "老客户", "新客户", "大客户", "股民", "一位", "这位", "那位", "有位", "有个", "这个",
    "那个", "一个", "一下", "查下", "查一下", "找一下", "帮我查", "帮我找", "谢谢", "感谢", "你好",
    "您好", "好的", "尊敬的", "今天", "昨天", "刚才", "现在", "就是", "还是", "但是", "可是", "因为",
    "所以", "联系", "接待", "回访", "打给", "柜台", "来电", "电话", "上午", "下午", "早上", "开户",
    "销户", "请问", "麻烦", "登记", "预约", "查询", "查找", "搜索", "调出", "关于", "营业部", "我的",
    "我们", "他们", "你们", "那边", "这边", "回电", "记录", "拜访", "见", "话术给",
)  # fmt: skip
_STOP_CHARS = frozenset(
    "的是叫有找查给跟让请把被说问了着过这个位名下看帮我你您他她它们在对为与及或就也都又再"
    "还要不没去来到得地之其此做办接见约由替向从用当像比同连和 ，。,.、：:;；!！?？\"“”'‘’"
    "()（）[]【】《》-—\t\n\x00"
)
_NOBODY = frozenset("老小大美空某各男女贵几两那这位本该哪每另前后新亲好帅多少几")

_NUMBERED = re.compile(
    r"(?:客户(?:编)?号码?|客户代码|资金账?号|资金账户|账户号|账号|户号|编号|客户)\s?(?:是|"
    r"为|:|：|=|#)?\s?(?:kh)?(\d{6,12})(?![\d.])|(?<![a-z\d])kh(\d{6,12})(?!\d)"
)
_EIGHT = re.compile(r"(?<![\da-z.,-])\d{8}(?![\d元块万亿千百股手]|\.\d|,\d|-\d)")
_DATED = re.compile(r"(?:日期|截至|截止|于|日子|生日)[是为:：\s]?$")
_TAIL = re.compile(
    r"(?:尾号|尾数|后四位|后4位|末四位|末4位|最后四位|结尾)(?:数?字?)(?:是|为|:|：|"
    r"号)?\s?(\d{4}|[零一二三四五六七八九幺]{4})(?![\d零一二三四五六七八九幺])"
    r"|(?<![\d零一二三四五六七八九幺])(\d{4}|[零一二三四五六七八九幺]{4})\s?(?:的?(?:那个)?尾号|结尾)"
)
_NOT_PHONE = re.compile(r"(?:身份证|银行卡|卡|证件|股东)[^,，。]{0,3}$")

_INTRODUCED = re.compile(
    r"(?:(?:客户|户主|对方|本人|我|他|她|名字|姓名|名)(?:就)?(?:叫做?|名叫|姓名是?|是|:|"
    r"：)\s?|(?:姓名|户名|客户姓名|客户名)\s?"
    r"|(?:查一下|查下|查一查|查查|查询|查找|搜一下|搜索|找一下|调出|看一下|帮我查|帮查|"
    r"帮我找|查)(?:下|一下)?(?:我?的?客户)?\s?|客户(?!经理|号|服务|编|姓|名|是|叫|的|要|"
    r"说|想|来|端)\s?|名叫|叫做)"
)
_NAME = re.compile(rf"(?:{_COMPOUND})[一-鿿]{{1,2}}|[一-鿿]{{2,3}}")
_NAME_ENDS = re.compile(
    r"^(?:$|[\s，。,.、：:;；!！?？(（\x00\d]|的|这|那|尾|手机|账|资|他|她|要|想|说|来|在|"
    r"是|今|昨|前天|客户|佣金|最近|上次|去年|有|为|过来|现在|刚|打|又|也|电话|身份|先生|"
    r"女士|小姐|吗|呢|吧|啊|一下)"
)
# Words that begin like a surname and are none.
_NOT_NAME = re.compile(
    r"^(?:余额|资产|成交|成本|费用|费率|方案|金额|高佣|时间|万科|安排|明细|明天|常见|向我|"
    r"从业|应收|全部|关于|解约|解除|利率|利息|权限|易阳指|车|国信|国泰|国金|国元|华泰|"
    r"华西|广发|平安|银河|东方财富|东财|申万|中|季度|年|何时|何种|别家|别的|别人|那个|"
    r"那边|那家|空仓|通过|通知|经理|经纪|干什么|路|房|水|相关|相差|后来|后面|单笔|单子|"
    r"计划|计算|管理|应该|利|权|权益|融资|融券|连续|都|和|能|居|步|养|古|终|须|满|向|从|"
    r"明|于|时|安|常|全|强|时候|席位|钱|家|家里|容|富|支|司|利润|经|关|文件|文|简单|农|武|"
    r"通|简|查|平|平台|平均|平时|喻|公|公司|石|山|谷|江|云|花|马|马上|毛|毛病|米|成|成都|"
    r"车位|和|空|曾经|后|红|红利|红包|相|游|盖|益|查询|代|代码|付|付费|史|历史|左|右|包|"
    r"包括|解|房|应|宣|单|石|项|项目|程|程序|宗|封|储|段|白|双|双方|项下|习惯|温|别|充|连|"
    r"广|广东|东|沃|越|隆|师|巩|融|冷|丰|关闭|产品|佣金|手续费|客户|手机|号|尾号|账户|"
    r"信息|资料|情况|持仓|交易|流水|记录|一下|上海|北京|深圳|这|他|她|我|你)"
)
_REAL_NAME_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严魏陶姜戚谢邹柏窦章苏潘葛范彭郎"
    "鲁韦苗方俞任袁柳鲍唐廉岑薛雷贺倪汤滕殷罗毕郝邬傅卞齐康伍顾孟黄穆萧尹姚邵汪祁狄臧戴谈"
    "宋茅庞熊纪舒屈祝董梁杜阮蓝闵贾娄童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞柯管卢莫丁邓"
    "郁洪龚邢裴陆荣翁荀甄曲靳焦巴侯宁仇栾甘厉符刘景詹龙叶黎卓乔翟谭申桑桂牛尚温庄晏柴瞿阎"
    "连艾向古易廖耿聂辛饶曾沙肖闫岳涂佟覃"
)


def find_client_numbers(text: str) -> list[Figure]:
    """Client numbers; the value is the digits without 'kh'."""
    found = []
    for match in _NUMBERED.finditer(text):
        group = 1 if match.group(1) else 2
        start, end = match.span(group)
        if text[max(0, start - 2) : start] == "kh":
            start -= 2
        found.append(Figure("client_no", start, end, text[start:end], match.group(group), None, 0.97))
    for match in _EIGHT.finditer(text):
        inside = any(f.start <= match.start() < f.end for f in found)
        if not inside and not _DATED.search(text[max(0, match.start() - 4) : match.start()]):
            found.append(
                Figure("client_no", match.start(), match.end(), match.group(), match.group(), None, 0.8)
            )
    return found


def find_phone_tails(text: str) -> list[Figure]:
    """The last four digits of a phone, digit by digit or spelt."""
    found = []
    for match in _TAIL.finditer(text):
        group = 1 if match.group(1) else 2
        digits = digit_string(match.group(group))
        if digits and not _NOT_PHONE.search(text[max(0, match.start() - 8) : match.start()]):
            start, end = match.span(group)
            found.append(Figure("phone_tail", start, end, match.group(group), digits, None, 0.95))
    return found


_BARE_TAIL = re.compile(r"[ ,，、]{0,2}(\d{4})(?![\d年月日元块万千百股笔手个%‰.])")


def find_bare_tails(text: str, names: list[Figure]) -> list[Figure]:
    """Four digits right after a name (「王先生 0517」), which at the counter are a phone's tail."""
    matches = (_BARE_TAIL.match(text, name.end) for name in names)
    return [
        Figure("phone_tail", *match.span(1), match.group(1), match.group(1), None, 0.8)
        for match in matches
        if match is not None
    ]


_NAME_AND_TAIL = re.compile(
    r"^\s*(?:(?:查一?下?|调一?下?|客户|kh)\s*)?([\u4e00-\u9fff]{2,3})\s?(?:尾号)?\s?(\d{4})(?![\d年月日元块万千百股笔手个%‰.])"
)
_YEAR = re.compile(r"(?:199|20[0-3])\d")
_TAIL_FIRST = re.compile(r"^\s*(?:(?:查一?下?|客户|kh)\s*)?(\d{4})(?=\s|$|[,，嫌说要])")


def find_openers(text: str) -> list[Figure]:
    """Who is meant at the very start of a note: 「张热晴 6180 …」, 「3021 嫌贵」."""
    named = _NAME_AND_TAIL.match(text)
    if named is not None and not _YEAR.match(named.group(2)):
        surname = surname_of(named.group(1))
        if surname is not None and not _NOT_NAME_TITLED.match(named.group(1)):
            name, tail = named.group(1), named.group(2)
            return [
                Figure(
                    "client_name", *named.span(1), name, name, None, 0.8, {"surname": surname, "title": ""}
                ),
                Figure("phone_tail", *named.span(2), tail, tail, None, 0.8),
            ]
    first = _TAIL_FIRST.match(text)
    if first is None or _YEAR.match(first.group(1)):
        return []
    return [Figure("phone_tail", *first.span(1), first.group(1), first.group(1), None, 0.6)]


def find_names(text: str) -> list[Figure]:
    """Names with a title (斤女士, 李总), and full names that are introduced (客户叫李建国)."""
    found: list[Figure] = []
    at = 0
    for match in _TITLE.finditer(text):
        if match.start() < at or _NOT_TITLE.match(text[match.start() : match.start() + 4]):
            continue
        figure = _titled(text, match, at)
        if figure is not None:
            found.append(figure)
            at = figure.end
    for match in _INTRODUCED.finditer(text):
        figure = introduced_name(text, match.end())
        if figure is not None and not any(f.start < figure.end and figure.start < f.end for f in found):
            found.append(figure)
    return found


def _titled(text: str, match: re.Match[str], floor: int) -> Figure | None:
    title = match.group()
    chunk_start = _chunk_start(text, match.start(), floor)
    chunk = text[chunk_start : match.start()]
    if not chunk:
        return None
    near_only = re.fullmatch(_TITLE_NEAR, title) is not None
    for offset in range(len(chunk)):
        name = chunk[offset:]
        surname = surname_of(name)
        if surname is None or len(name) > len(surname) + 2 or _NOT_NAME_TITLED.match(name):
            continue
        if near_only and (len(name) != len(surname) or offset):
            continue
        if offset and len(name) == 1 and not near_only and len(chunk) <= 3 and surname_of(chunk):
            continue
        start = chunk_start + offset
        confidence = 0.95 if not offset else 0.75
        return _named(text, start, match.end(), surname, title, confidence)
    if len(chunk) == 1 and not near_only and chunk not in _NOBODY:
        # An uncommon surname standing alone before 先生 or 女士.
        return _named(text, chunk_start, match.end(), chunk, title, 0.7)
    return None


_NOT_NAME_TITLED = re.compile(
    "^(?:客户|老|总|经理|营业|谢谢|明天|高级|金牌|时候|平时|家|于是|和|国信|华泰|平安|别家)"
)


def _named(text: str, start: int, end: int, surname: str, title: str, confidence: float) -> Figure:
    typed = text[start:end]
    return Figure(
        "client_name", start, end, typed, typed, None, confidence, {"surname": surname, "title": title}
    )


def _chunk_start(text: str, end: int, floor: int) -> int:
    """Where the run of characters before a title that may be a name begins, four at most."""
    start = end
    while (
        start > max(floor, end - 4) and text[start - 1] not in _STOP_CHARS and "一" <= text[start - 1] <= "鿿"
    ):
        start -= 1
        for word in _STOP_WORDS:
            if (text.startswith(word, start) and start + len(word) <= end) or text.endswith(
                word, floor, start + 1
            ):
                return min(end, start + len(word)) if text.startswith(word, start) else start + 1
    return start


def surname_of(name: str) -> str | None:
    """The surname a name begins with, of one character or two; None when it begins with none."""
    if len(name) >= 2 and re.fullmatch(_COMPOUND, name[:2]):
        return name[:2]
    return name[0] if name and name[0] in _SURNAMES else None


def introduced_name(text: str, at: int) -> Figure | None:
    """The full name that begins at a place where one is expected (after 客户叫, 我爱人 …), if there is one."""
    match = _NAME.match(text, at)
    if match is None:
        return None
    word = match.group()
    for length in range(len(word), 1, -1):
        name = word[:length]
        surname = surname_of(name)
        if surname is None or len(name) == len(surname):
            continue
        if len(surname) == 1 and (surname not in _REAL_NAME_SURNAMES or _NOT_NAME.match(name)):
            continue
        if any(c in _STOP_CHARS for c in name) or not _NAME_ENDS.match(text[at + length : at + length + 3]):
            continue
        return Figure(
            "client_name", at, at + length, name, name, None, 0.85, {"surname": surname, "title": ""}
        )
    return None
