"""A Theora clip, which PyAV cannot write: 64x48, 2.1 s, where frames that repeat the last are empty packets."""

import base64
import zlib
from pathlib import Path

SHOWN_S = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.5, 1.8, 1.9, 2.0]  # packets that are not empty
INDICES = [0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 36, 40, 44, 48]  # what they show, as streams.index_of tells it
# ffmpeg -f rawvideo -pix_fmt rgb24 -s 64x48 -r 10 -i - -c:v libtheora -q:v 5 -g 6 -fflags +bitexact -flags:v +bitexact
CONTENT = (
    "c-p0xdpy(a8^<@~EH<Y~Xn2xCu}DQ8CN_k&In+977?!3vBudONAw`x%d4?3>F*)Y6(P#@%l62Z~suYDNsr|lddh+!8{eI6M&-L1Mzjxi&=f3aj-u"
    "JsduAP2<t{@T6FNWpSF~RzjP=CUaV7#aZ7$gP~1%a$VAmi_8X~4lhJ|Ix!z)ry~e=|WMkU!VC+=#!#&cz6~6bG`tz9cfiPoPr)oDk@J#D@@U>4Xp"
    "SUUQh}CDg?V(cHCeuD&Z^MRl=*qe4jTC_ELLSqPJar+O*G!z8W$Iut@GclFD-v)}<;2;aK*@TmSr{~K=W6!moWD13|9nsdh2RVuvFUGMy9o!FI<k"
    "=xYM#0wCVMh|@@DKRe?FtJ)TQG{uov_)BEaKtRa@GJ{&)DcIm>Gt~5Be~ipW@CmOO@8crc3nTgI4k8hZ1$E6d)T>CZOj4gA=4EyEH9e%Ii!{XFu}"
    "NU&`?P-F2=gz{l7H^;{yzVK=<_UATSKZn#%=33<k{uL*M{0V2EJEU|?_|h2u{HG3a1KI-LQmhhdn^3T`hDGMNk>7>=j+_A()GAmZ_Q5ixXTFF;@f"
    "0DS5F&R$Rj4ICS1(!*fz-~|P3WMF-4T&6392f;tsbX1fF^Kvaj_J{VynuIP>Ii=jDBsLOuEGyA1fi<fujtqnUTZ6$c=`_G#2)qC^4E}pa6OR9E5E"
    "y>S#>NH#L&Rzch>wNZ2skB({@D-^SnRBsnHe00DO@XHOhF<5vyC%?=${Ra`IiO*et@8ubowHgi|AcM?;?5^!CM4x5j+S4f(W9uf`t%)3894%0*es"
    ">ixC2wE<{HDB4}VR7!lJd5+g+1BE%LU1{OjLEQGj-5R!|K1VtX$7kcu*)3;Ve<rS-Zbt4nhm=6_C1b5oqO54nc8iCq2G3goe53#15<*b2tsXNSf>"
    "P}hR`05*SsU_IPFUREB7D>eH{V8-YqjXf_4fJ83#;D*4uU)9B2wkZ;cY8$gXfc5D_E?k5`*DNY#_M4WPQUk&T&v{wjnL`Z1zq(bjovY=ZM(>ueqU"
    "E~K=aD=Fw|_!aitIR&IWDk3G@ln<=`CBv5H;G^iw69b@(ZErNQ!bwiY>_6ELEhEQ|WbW*5g{^xP5ijE`<q$>}XF)Y5?so0B2?V+v!~FHbcbeZlu>"
    "pBm7UxXGv*w@5Se@Rp}=(vW9t@3X7<eOK!ruihQ0sVjD$T@}8bYx3rmiig-9Z#Gqsk}A_^d@J5(#}^&=d{U}D{_XtUgJtBk7o0;`;8B-JcYBJ?qw"
    "%LrE^D(6$#vhvL;E(%7|2<%G*D6Gl8nq{y_bD%7kDO6Q`qdQgQ&}OAquC0CJt-9CfTi%EGM(Zady<RI-XCC!OZ$jUQBJHS<U;@tV%{}$K!Cfrr$Y"
    "?Mh(W>)>pjR<1^<XbMaI9y`#!l!&1+6CnqU`r}>YH!jW3%2yIGF2RB$e2tOz@j=N5IqoEdgi{@gm_eyYB(hSx1KI(H3QgKwZyPR=q`dSbvd8|kJ5"
    "YeAJvclP5P-l8y>gLW>^@+3RsRQj??I&{*K_Y%tJ9IC*T{F?`S&y%iw=k1lJB!l_kb5^~!16sf(s$gaj(;|}cuy;6e%4rV_-Vl4hTK-evJf!O!0U"
    "8VhNTRyh3Br7b^D0L!sT{<L*=K>D2JR#s7kh?OA2mleEWQYTWY;|x8g$Ja!5Q&u6lOA1$}>^T2?nSLPb+jAB&un**>ect<3v$$A<jvA>__g=qH}O"
    "Sq9&f>T<oh@^yUT@4qYS*nIg5cm5$YHi^s+%0j#87h3pBT^)4xALZq4X8c~Y@NxD2-5wF~?>gyRtQK0XC<|wr5RH<k53g!#M)e!O{WOQACXS$S`y"
    "G!-O=ydCRcASDOkhSgFHcy>8+?)G<n;~guB+vA(R)~YLf)(D=#*+m5(iv!lepnn`B#EhiM>ZtUa*9GfyRcf1V6i}uwi_XDXH`^r(j)zTP-*TIXIG"
    "9ds0gDRKi;&=TFHjqJ{aM+0e)&eJuAlT<s9MC=?$ZrbhFqw!H0sOJm2H9Dcoo{HAA?qq;iI*AvB$rs%n+hit!wH?2IOIX19IQ{i))T4$}51?o?e6"
    "oY;KuNBs25iJWuE~Rp-_B4x*Y1Zb-DM6t%Ii8WNT$F0$2#(;m`{q%}$h*?+nzs_cAsTA^IAS=oh*WwBm8YB5Yne};f8)NoQcf^+rTyFcu+zvWb$s"
    "g+X>Opm>`RGzpIy<_vO_lq#l0PJ0t~awn=4t*SFhkETec7L%SV>kt?@B?XyP<NOH;p<TzT6{L)$WAPUTEbnd<eGrkzjr?RK{ER~~RhrwkQu)y()3"
    "dSr_-*1RQtbj8%~Rj`7V9@$>;!9wQ^=_9WRgy(^JPp1=Fz$)lxV9xt<&IY8=?roY4-Ux!v<nim+PhR$B4-Fh{a+3De9eovrUuCec>tG)BMgs!<{H"
    "n1;Kt8wj+Vi9xY}u}A$NPsb^7yCp`jD0MCP(yp$c)YbW(usP_>!N|H^x?%Td^;0gws{MIqq9@j2s!H;><3S_TkwiObF=X)Y*Oy<YZX~RZr!scAmX"
    "LX=$qJ`HjRJQBqLDw|w<$J5Xv#-8QdNI#+rTb4dQRkCm;l<`XQU1OHRPZRZ80vv|{j>rw;c=&ZIAskmv}L0fyrL6Z06-TprP!n(UHBF2J?oi}y!d"
    ">=LbNEVK$CnevB$aS|z+B*_WNFn)ihGf_@H;iNSPUB<y%M+!$K+^D*nFU4>?a(B6P3L{z!MhhA+7qo+M#r~&399e8&4w3|s;NjRBNXRSlKk(b6?w"
    "I_D(|C}w1c+gZ9VO-Be^rWs*?T!QztD-!kOMvQ8c<RDLyna9s?{hrd`<FrQ^SRCt)61V!LyF8UDpSN$8f$1ooq^6YdTKADa+fP05M_b$3;=znI+h"
    "mN@Xi@mhZ@MermFySGKanuq0|RS*>N?kZ2{6^ouipH-YHXLzc=SdTtv{~HlrQ$LdG{Jdeo6+JoT!LZa$p;E5|+AK6_i))hzYl&BODfTjOI8}7<b?"
    "wNy#*NuU!Dp&Fq*j;Zi*`LfJ2pu<!$CcmFG+7Xr;vFJ!b)x(zR{jt)7R>|n|}n+cp&x>|5!%?HP*e&aE~vk#8>qmO3!=^O1i`mlhg1<O9Z8&T>qO"
    ")5k7i|<U}Xtaa8W{-fmLHQc`idhoac~PG`E1ZtxR#S9RX%SN-@}kquMWR_%<C>yFkn)=>mrUtDlUgY=xVwq10$`tjv0F7|TOf)eSiUrJm-AMUj#l"
    "|7|*lyncpyJF<8Hh!{3(qQX=m%?c+;mlm1<{T@T{q3j%5`1C33GgS8naG;q2Uk{al8mH0gW9Pyk;mz;*)|V8$9*q;RQ2BTSNeM4FIzVSW-KHq#f7"
    "tBNfffVEZHyp@c4w&r$?wS!38Zl3?lSPkRLL(LqOcn72JDTj~_kF{!o5)b_5l5!DGtZ?aYu)q86C(3eLP@ck|DBlcD{Z?>K2+4a<g0ij}eCyz5}-"
    "d#48`BmxJyW&2AGtFd`z|6_H{2^sIit48};{=n^%$Vp(!u1GB+X4h1{u#$+@dL=(L#&I_+)x@Zl@vO=A2Qq<6I%In%JS*7SgTrwiJ@|y=>5{&#u?"
    "daJG|s+Y&}Bj@>$5G&KYu4?W+rSX&!$0}61d)KrPqUvzN$F^p-m2QHcC4^b~zS`MreSi2y-q~0R>-E$$puQ4djCBcN7YAr0n`D8nbQ3PFl^g4nEn"
    "n4OnaWb?P@a>i>Cq!rsPuNpB-)mlUsrrhyeTiwotOM!$5VOll}uiv;YXtpN$;lqGVYa{`Tao4@!~?)Ov9SRxk#JURE7`LA-XpK|6B`7*#=`%?FUp"
    "`OLGk?snR#Kmb1im`}~END?}4gRSXG+tG~gx$Yv4kG>@Px(>$61fE6FW2Xu{#EY&Qy#lSE(!R}SDa!I=zl5Zf0nnT`;-Fw0;Ra)*Yh|hrGCgMOXP"
    "w+v~Fjj(%<C>${Qb@AM%7Hav4Fds+xOv+4pF%XBGRI2TB52m#6IbKii2ck;?%d*Ps7~$d4prNpd;hj>a;eU-pXWyJP>?(aV0y<pGC7UAw^0rSk2J"
    "{vY=ivtFWB06Z#t*WlmP2#O+X4d_2_pv}b"
)


def theora(path: Path) -> Path:
    """The clip written."""
    path.write_bytes(zlib.decompress(base64.b85decode(CONTENT)))
    return path
