"""The shorthands a pattern may contain, so that a compliance officer can read and change the files."""

from __future__ import annotations

import re

from bot.nlu.brokers import find_brokers
from bot.nlu.text import normalise

#: Stand for the first and the further characters of another broker's name; no text of people contains them. Two
#: signs, so that a pattern cannot begin inside a name: a run of names would take quadratic time.
_FIRST, _FURTHER = "\ue000", "\ue001"
_BROKER = f"{_FIRST}{_FURTHER}*(?!{_FURTHER})"

_STOPS = r"。！？!?；;\n"
_OTHERS = (
    rf"(?:有人|谁(?=要是|跟您|给您|对您|向您)|要是谁|人家|对方|那边|那家|别家|别人|他们?|她们?|骗子|{_BROKER}|"
    r"那位|这位|朋友|亲戚|业务员|客户经理|老师|群里)"
)
_TELLS = r"(?:说|讲|承诺|答应|保证|许了|许您|许诺|吹|打包票|拍胸脯|告诉|宣传|号称|声称|让您|报给|给您?开)"
_SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范廖贾夏韦付邹孟熊秦邱江尹薛闫段雷侯史陶黎贺顾毛郝龚邵钱严覃武戴莫孔汤"
)

SHORTHANDS = {
    "近": rf"(?:(?!我(?!们))[^，,{_STOPS}]){{0,10}}?",
    "远": rf"[^{_STOPS}]{{0,24}}?",
    "不": r"(?:(?<![搞差要了对])不(?:用(?!担心|怕|管|急|慌|申请)|能|会|敢|许|准|得|让|该|应|是|给|做|可|允许|存在|要|"
    r"随便|打算|替|帮|(?![好管然过仅但止如瞒错少用]))|没(?:有|法|办法|人|谁|(?!事|关系|问题|准|错))|无法|无权|"
    r"别(?!担心|怕|急|犹豫|走|人|家|的|慌|着急|客气|外|想)|禁止|严禁|绝不|从不|拒绝|谁敢|哪家敢)",
    "他说": rf"{_OTHERS}(?:(?!我|咱)[^，,{_STOPS}]){{0,8}}?{_TELLS}(?:(?!我|咱)[^{_STOPS}]){{0,24}}",
    "您说": rf"(?<![跟给对和向])您(?:刚才|刚刚|刚)?(?:说的?|讲的?|问的?|提到|听到|担心|听人)(?:(?!我|咱)[^{_STOPS}]){{0,24}}",
    "同业": rf"(?:{_BROKER}|别家|那家(?:公司|券商)?|那边|对方|他们家?|人家|他家|她们家|小作坊|"
    r"(?:这种|那种|那些|有些|有的|互联网|小)(?:券商|公司|业务员|经纪人|互联网券商))",
    "率": r"(?:百分之(?!百)[零一二三四五六七八九十几两点\d]+|\d+(?:\.\d+)?%(?<!100%)|[一二三四五六七八九十几两\d]+(?:个)?[点成])",
    "某人": rf"(?:[{_SURNAMES}](?:先生|女士|小姐|阿姨|叔叔?|大爷|大妈|总|老师|姐|哥|师傅|老板|局长|处长|院长|主任|医生|校长|书记|董|奶奶|爷爷|婶|伯)|老[李王张刘陈赵周吴孙])",
}
_USE = re.compile("〔([^〔〕]+)〕")


def compile_pattern(source: str) -> re.Pattern[str]:
    """Expand the shorthands of a pattern and compile it.

    Raises:
        ValueError: an unknown shorthand or an invalid expression, said in Chinese.
    """
    unknown = sorted(set(_USE.findall(source)) - set(SHORTHANDS))
    if unknown:
        raise ValueError(f"不认识的简写 {'、'.join(unknown)}")
    try:
        return re.compile(_USE.sub(lambda use: SHORTHANDS[use[1]], source))
    except re.error as error:
        raise ValueError(f"写法不合正则语法（{error}）：{source[:30]}") from error


def readable(text: str) -> str:
    """What patterns are matched against: normalised, other brokers' names marked, as long as `text`."""
    plain = normalise(text).replace(_FIRST, " ").replace(_FURTHER, " ")
    pieces, at = [], 0
    for broker in find_brokers(plain):
        pieces += [plain[at : broker.start], _FIRST, _FURTHER * (broker.end - broker.start - 1)]
        at = broker.end
    return "".join([*pieces, plain[at:]])
