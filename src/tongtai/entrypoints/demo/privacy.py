"""An impact assessment of each institution of the demonstration, written and approved by its own people; it says that it is one."""

from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.features.accounts.model import Principal, User
from tongtai.features.privacy.api import privacy_service
from tongtai.features.privacy.service import Report
from tongtai.infra.container import Container

_MARK = "【演示】本评估仅供演示，不是真实评估。"
_TEXTS = {
    "purpose": f"{_MARK}为虚构患者演示远程指导下的肝肿瘤消融。",
    "method": "收集、存储、在两机构之间提供、自动化规划、归档；均在本机进行。",
    "information_kinds": "虚构的身份信息；敏感信息：虚构的病历、检验、影像与音视频。",
    "recipients": "协议中的受邀机构；不委托第三方，不向境外提供。",
    "automated_decisions": "规划软件给出建议，须由他人审核、由有资质的医师批准后方可使用。",
    "necessity": "演示所需的最少信息；不含真实个人信息。",
    "risks": "误将真实信息录入演示系统。",
    "measures": "页面与文书标明仅供研究、教学与模拟；按角色与病例授权；防篡改日志。",
    "conclusion": "acceptable_with_measures",
}


async def assess(container: Container, session: AsyncSession, author: User, approver: User) -> None:
    """Write an institution's assessment down, and approve it by somebody else."""
    privacy = privacy_service(container, session)
    values = _TEXTS | {"assessed_on": container.clock.now().date().isoformat()}
    draft = await privacy.draft(_principal(author), values, Report())
    await privacy.approve(_principal(approver), draft.id, version=draft.version)


def _principal(user: User) -> Principal:
    return Principal(
        user_id=user.id,
        institution_id=user.institution_id,
        roles=user.roles,
        display_name=user.display_name,
        display_name_en=user.display_name_en,
        session_id="",
    )
